package dev.gantry.runner;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.runner.RunnerTopics.StoredLog;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What the API would know of attempts, read off the topics.
 *
 * @param unknown executions of which it knows nothing
 */
record TopicRecords(RunnerTopics topics, Set<UUID> unknown) implements AttemptRecords {
  TopicRecords(RunnerTopics topics) {
    this(topics, Set.of());
  }

  @Override
  public Set<AttemptKey> held(Collection<AttemptKey> attempts) {
    Set<AttemptKey> held = new HashSet<>(attempts);
    held.removeIf(
        key ->
            unknown.contains(key.executionId())
                || topics.finished(key.executionId()).stream()
                    .anyMatch(end -> end.step() == key.step() && end.attempt() == key.attempt()));
    return held;
  }

  @Override
  public LogPosition log(AttemptKey key) {
    StoredLog log = topics.log(key.executionId(), key.step(), key.attempt());
    long printed = log.lines.values().stream().filter(line -> line.level() != Level.SYSTEM).count();
    return new LogPosition(
        topics.logEnd(), log.lines.size(), log.digest, printed, log.firstAt, log.lastAt);
  }
}
