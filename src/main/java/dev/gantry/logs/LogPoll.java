package dev.gantry.logs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What one poll of the logs topic adds to the store: chunks, the attempts as they are then, and how
 * far each partition is stored. Pure code, one thread; takes some ten milliseconds for a full poll.
 */
final class LogPoll {
  /** A chunk is closed once it holds so much, in bytes before compression. */
  private static final int CHUNK_SIZE = 1 << 20;

  /** An attempt of an execution. */
  record Place(UUID executionId, AttemptLog.Key key) {}

  /** A chunk of an execution. */
  record Stored(UUID executionId, Chunk chunk) {}

  private final Map<Integer, Long> progress;
  private final Map<Place, AttemptLog> attempts;
  private final Map<UUID, Open> open = new LinkedHashMap<>();
  private final Map<Place, AttemptLog> changed = new LinkedHashMap<>();
  private final List<Stored> chunks = new ArrayList<>();

  /**
   * @param progress the next offset of each partition, as stored
   * @param attempts what is stored of the attempts of which the poll holds lines
   */
  LogPoll(Map<Integer, Long> progress, Map<Place, AttemptLog> attempts) {
    this.progress = new HashMap<>(progress);
    this.attempts = attempts;
  }

  /** Adds a record unless it is stored already. */
  void add(LogRecord record) {
    if (record.offset() < progress.getOrDefault(record.partition(), 0L)) {
      return;
    }
    Place place = place(record);
    AttemptLog attempt = attempts.computeIfAbsent(place, p -> new AttemptLog(p.key()));
    int known = attempt.add(record.batch());
    changed.put(place, attempt);
    if (known < record.batch().count()) {
      Chunk.Entry entry = new Chunk.Entry(record.offset(), known, record.batch());
      open.computeIfAbsent(record.executionId(), id -> new Open()).add(record.executionId(), entry);
    }
  }

  static Place place(LogRecord record) {
    return new Place(
        record.executionId(), new AttemptLog.Key(record.batch().step(), record.batch().attempt()));
  }

  /** All chunks, those that are not full included. */
  List<Stored> chunks() {
    open.forEach((executionId, chunk) -> chunk.close(executionId));
    return chunks;
  }

  Map<Place, AttemptLog> changed() {
    return changed;
  }

  private final class Open {
    private final List<Chunk.Entry> entries = new ArrayList<>();
    private int size;

    void add(UUID executionId, Chunk.Entry entry) {
      if (size + Chunk.size(entry) > CHUNK_SIZE) {
        close(executionId);
      }
      entries.add(entry);
      size += Chunk.size(entry);
    }

    void close(UUID executionId) {
      if (!entries.isEmpty()) {
        chunks.add(new Stored(executionId, Chunk.pack(entries)));
        entries.clear();
        size = 0;
      }
    }
  }
}
