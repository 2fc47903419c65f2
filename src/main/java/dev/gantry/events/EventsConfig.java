package dev.gantry.events;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How events are told. */
@ConfigMapping(prefix = "gantry.events")
public interface EventsConfig {
  /** How a CloudEvent is put into a record of Kafka. */
  @WithDefault("binary")
  Mode mode();

  /** The content modes of CloudEvents' binding to Kafka. */
  enum Mode {
    /** Attributes are headers {@code ce_…}, the value is the data. */
    BINARY,
    /** The value is a JSON object with the attributes and the data. */
    STRUCTURED
  }
}
