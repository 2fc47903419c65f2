package dev.gantry.chat.turns;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** What conversations with agents may take. */
@ConfigMapping(prefix = "gantry.chat")
public interface ChatConfig {
  /** How many turns a process has in hand at once. */
  @WithDefault("64")
  int turnsAtOnce();

  /** How long a turn stays with a process that says nothing more. */
  @WithDefault("30s")
  Duration lease();

  /** How much of what a tool prints the model gets. */
  @WithDefault("16K")
  MemorySize maxResult();

  /** How many tools a model is told of at most; providers take 128. */
  @WithDefault("128")
  int maxTools();

  /** How long a call waits for a person. */
  @WithDefault("24h")
  Duration approvalTimeout();

  /** How long a message that is not streamed is answered with its response. */
  @WithDefault("5m")
  Duration answerWithin();

  /** All documents that go with one message, together. */
  @WithDefault("512K")
  MemorySize maxContext();

  /** How many of the messages before it go with a message of a session. */
  @WithDefault("40")
  int historyMessages();

  /** How many bytes they may have together. */
  @WithDefault("64K")
  MemorySize historySize();

  /**
   * Where transcripts lie that take the place of the model {@code recording:NAME}; none = never.
   */
  Optional<String> recordings();

  /** What one turn may take unless its agent says otherwise. */
  Budgets budget();

  interface Budgets {
    /** In and out, of all answers together. */
    @WithDefault("500000")
    long tokens();

    /** In the unit of the configured prices; none = any. */
    Optional<BigDecimal> cost();

    @WithDefault("30m")
    Duration time();

    /** Of tools. */
    @WithDefault("50")
    int calls();

    /** How many executions may be above a turn. */
    @WithDefault("5")
    int depth();
  }
}
