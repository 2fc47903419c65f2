package dev.gantry.testing;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** An organization of a test's own, with one key. */
public record TestOrganization(UUID id, String key) {

  /** The database that the application under test uses. */
  public static Connection connect() throws SQLException {
    Servers servers = Servers.get();
    return DriverManager.getConnection(
        "jdbc:postgresql://" + servers.database(), servers.databaseUser(), "");
  }

  /**
   * @param role as {@code ADMIN}
   */
  public static TestOrganization create(String role) {
    TestOrganization made = new TestOrganization(UUID.randomUUID(), "gtk_" + UUID.randomUUID());
    try (Connection connection = connect()) {
      run(connection, "insert into organizations (id, name) values (?, ?)", made.id, "" + made.id);
      run(
          connection,
          "insert into api_keys (id, organization_id, name, key_hash, role)"
              + " values (?, ?, 'test', ?, ?)",
          UUID.randomUUID(),
          made.id,
          sha256(made.key),
          role);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return made;
  }

  /** A request with this organization's key. */
  public RequestSpecification json() {
    return given().header("Authorization", "Bearer " + key).contentType("application/json");
  }

  private static void run(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
