package dev.gantry.messaging;

/**
 * The names of all topics, made of one configurable prefix ({@code gantry.kafka.topic-prefix}).
 *
 * <p>{@code <prefix>.commands.<runner>}, {@code <prefix>.steps} and {@code <prefix>.logs} are keyed
 * by execution id as {@code <prefix>.mails} is, {@code <prefix>.events} and {@code
 * <prefix>.replays.<name>} by the event's subject, {@code <prefix>.heartbeats} by the runner's
 * name. A record that cannot be handled goes to its topic's name with {@code .dlq}.
 */
public record Topics(String prefix) {
  /** The largest record that a topic takes. */
  public static final int MAX_MESSAGE_BYTES = 4 << 20;

  public String commands(String runner) {
    return prefix + ".commands." + runner;
  }

  public String steps() {
    return prefix + ".steps";
  }

  public String logs() {
    return prefix + ".logs";
  }

  public String events() {
    return prefix + ".events";
  }

  /** Where events are told once more. */
  public String replays(String name) {
    return prefix + ".replays." + name;
  }

  /** Whether events for everyone are told there. */
  public boolean isOfEvents(String topic) {
    return topic.equals(events()) || topic.startsWith(replays(""));
  }

  public String mails() {
    return prefix + ".mails";
  }

  public String heartbeats() {
    return prefix + ".heartbeats";
  }

  public static String deadLetters(String topic) {
    return topic + ".dlq";
  }
}
