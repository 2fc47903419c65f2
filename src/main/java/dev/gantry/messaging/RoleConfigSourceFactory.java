package dev.gantry.messaging;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Derives {@code gantry.role.api|engine|runner} from the list {@code gantry.roles}, so that
 * channels and beans can be switched by a property, and {@code gantry.role.database}: whether any
 * of them needs it. A runner within the process of its API needs no token from outside: one is made
 * for both.
 */
public final class RoleConfigSourceFactory implements ConfigSourceFactory {
  private static final Set<String> ROLES = Set.of("api", "engine", "runner");

  /** Unlike one that a registration answers, it stands for all names of the process. */
  private static final String OWN_TOKEN = "own_" + UUID.randomUUID() + UUID.randomUUID();

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    ConfigValue configured = context.getValue("gantry.roles");
    String text = configured == null ? null : configured.getValue();
    Set<String> roles =
        text == null || text.isBlank()
            ? ROLES
            : Arrays.stream(text.split(",")).map(String::trim).collect(Collectors.toSet());
    if (!ROLES.containsAll(roles)) {
      throw new IllegalArgumentException(
          "gantry.roles is '" + text + "'; it takes a list of: api, engine, runner");
    }
    Map<String, String> derived = new HashMap<>();
    ROLES.forEach(role -> derived.put("gantry.role." + role, "" + roles.contains(role)));
    derived.put("gantry.role.database", "" + !roles.equals(Set.of("runner")));
    if (roles.containsAll(Set.of("api", "runner"))) {
      derived.put("gantry.runner.token", OWN_TOKEN);
    }
    return List.of(new PropertiesConfigSource(derived, "gantry.roles", ORDINAL));
  }
}
