package dev.gantry.webhooks;

import dev.gantry.testing.TestOrganization;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Events of one organization, in the log of what was told. */
final class Telling {
  private static final AtomicLong LAST = new AtomicLong();
  private static final String INSERT =
      """
      insert into events (position, organization_id, id, type, subject, sequence, time, data)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private final UUID organization;
  private final Map<String, Long> sequences = new HashMap<>();

  Telling(TestOrganization mine) {
    this.organization = mine.id();
  }

  /** Answers with the event's id. */
  String tell(String type, String subject, String data) {
    long sequence = sequences.merge(subject, 1L, Long::sum);
    Instant now = Instant.now();
    String id = subject + "-" + sequence;
    try (Connection connection = TestOrganization.connect();
        PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setLong(1, position(now));
      statement.setObject(2, organization);
      statement.setString(3, id);
      statement.setString(4, type);
      statement.setString(5, subject);
      statement.setLong(6, sequence);
      statement.setTimestamp(7, Timestamp.from(now));
      statement.setString(8, data);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return id;
  }

  String completed(String execution) {
    return tell(
        "workflow.completed",
        execution,
        "{\"workflow\": {\"execution_id\": \"%s\", \"name\": \"deploy\", \"status\": \"completed\"}}"
            .formatted(execution));
  }

  private static long position(Instant now) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    return LAST.updateAndGet(last -> Math.max(last + 1, micros));
  }
}
