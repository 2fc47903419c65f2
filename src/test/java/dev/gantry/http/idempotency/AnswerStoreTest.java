package dev.gantry.http.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is stored of an answer, and for how long. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class AnswerStoreTest {
  private static final byte[] PRINT = {1, 2, 3};
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject AnswerStore store;

  private final UUID organization = TestOrganization.create("ADMIN").id();

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(10));
  }

  private Reservation reservation(boolean secret) {
    return new Reservation(organization, "key", UUID.randomUUID(), secret);
  }

  private static Answer answer(int status) {
    MultivaluedMap<String, Object> headers = new MultivaluedHashMap<>();
    headers.add("Location", "/api/v1/api-keys/1");
    headers.add("X-Other", "x");
    return Answer.of(status, headers, Map.of("token", "gtk_shown-once"), JSON);
  }

  private Known known() {
    return await(store.reserve(reservation(false), PRINT)).orElseThrow();
  }

  @Test
  void storesNoBodyThatIsShownOnce() {
    Reservation secret = reservation(true);
    assertThat(await(store.reserve(secret, PRINT))).isEqualTo(Optional.empty());

    await(store.keep(secret, answer(201)));

    assertThat(known().answer())
        .isEqualTo(
            new Answer(
                201,
                Map.of("Content-Type", "application/json", "Location", "/api/v1/api-keys/1"),
                null));
  }

  @Test
  void storesTheBodyOfAnyOther() {
    Reservation plain = reservation(false);
    await(store.reserve(plain, PRINT));

    await(store.keep(plain, answer(201)));

    assertThat(known().answer().body()).isEqualTo("{\"token\":\"gtk_shown-once\"}");
  }

  @Test
  void storesTheFirstAnswerOnly() {
    Reservation held = reservation(false);
    await(store.reserve(held, PRINT));

    await(store.keep(reservation(false), answer(500)));
    assertThat(known().answer()).isNull();
    await(store.keep(held, answer(201)));
    await(store.keep(held, answer(400)));

    assertThat(known().answer().status()).isEqualTo(201);
  }

  @Test
  void givesAKeyUp() {
    Reservation held = reservation(false);
    await(store.reserve(held, PRINT));
    await(store.release(reservation(false)));
    assertThat(known().secondsHeld()).isBetween(100L, 120L);

    await(store.release(held));

    assertThat(await(store.reserve(reservation(false), PRINT))).isEqualTo(Optional.empty());
  }

  @Test
  void forgetsWhatIsOld() throws SQLException {
    await(store.reserve(reservation(false), PRINT));
    await(store.forget(Duration.ofHours(24)));
    assertThat(known().answer()).isNull();
    try (Connection connection = TestOrganization.connect();
        PreparedStatement age =
            connection.prepareStatement(
                "update idempotency_keys set created_at = now() - interval '25 hours'"
                    + " where organization_id = ?")) {
      age.setObject(1, organization);
      age.executeUpdate();
    }

    await(store.forget(Duration.ofHours(24)));

    assertThat(await(store.reserve(reservation(false), new byte[] {9})))
        .isEqualTo(Optional.empty());
  }
}
