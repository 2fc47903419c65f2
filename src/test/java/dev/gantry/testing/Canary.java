package dev.gantry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A value that nobody else has, to be looked for wherever it must not be.
 *
 * @param value a secret's, with characters that encodings change
 */
public record Canary(String value) {
  public static Canary create() {
    return new Canary("canary/" + UUID.randomUUID() + "+\"x");
  }

  /** What no encoding of JSON or URLs changes. */
  public String part() {
    return value.substring(7, 30);
  }

  /** Looks through every table, and all records of the topics that are about the execution. */
  public void assertIsNowhere(UUID execution, List<String> topics) throws SQLException {
    for (String topic : topics) {
      TopicReader.read(
              GantryServers.TOPIC_PREFIX + "." + topic,
              record -> record.key() != null && record.key().contains(execution.toString()),
              found -> !found.isEmpty())
          .forEach(
              record ->
                  assertThat(new String(record.value(), StandardCharsets.ISO_8859_1))
                      .as(topic)
                      .doesNotContain(part()));
    }
    try (Connection connection = TestOrganization.connect()) {
      for (String table : tables(connection)) {
        String found =
            "select count(*) from \"" + table + "\" t where t::text like '%" + part() + "%'";
        try (ResultSet rows = connection.createStatement().executeQuery(found)) {
          rows.next();
          assertThat(rows.getInt(1)).as(table).isZero();
        }
      }
    }
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        connection
            .createStatement()
            .executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    assertThat(tables).contains("executions", "log_chunks", "outbox", "chat_entries");
    return tables;
  }
}
