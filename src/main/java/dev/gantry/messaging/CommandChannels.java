package dev.gantry.messaging;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Gives each name of {@code gantry.runner.name} a channel of its own, with its own topic, consumer
 * and consumer group: with several names, the channel {@code commands} gets as many copies. With
 * one, the channel is as {@code application.properties} has it.
 */
public final class CommandChannels implements ConfigSourceFactory {
  private static final String CHANNEL = "commands";
  private static final String PREFIX = "mp.messaging.incoming." + CHANNEL;

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  /**
   * The channel of one of the names.
   *
   * @param index among them, from 0
   * @param names how many there are
   */
  public static String channel(int index, int names) {
    return names == 1 ? CHANNEL : CHANNEL + "$" + (index + 1);
  }

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    ConfigValue configured = context.getValue("gantry.runner.name");
    String text = configured == null ? null : configured.getValue();
    List<String> names =
        text == null
            ? List.of()
            : Arrays.stream(text.split(",")).filter(name -> !name.isEmpty()).toList();
    if (names.size() < 2) {
      return List.of();
    }
    Map<String, String> derived = new HashMap<>();
    derived.put(PREFIX + ".concurrency", "" + names.size());
    for (int i = 0; i < names.size(); i++) {
      String copy = "mp.messaging.incoming." + channel(i, names.size());
      derived.put(copy + ".topic", "${gantry.kafka.topic-prefix}.commands." + names.get(i));
      derived.put(copy + ".group.id", "${gantry.kafka.topic-prefix}-runner-" + names.get(i));
      derived.put(copy + ".kafka-configuration", CHANNEL);
    }
    return List.of(new PropertiesConfigSource(derived, "gantry.runner.name", ORDINAL));
  }
}
