package dev.gantry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.webhooks.DestinationStore.Place;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who gives a place back hears of what came at that very moment. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class DestinationStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String WAKE =
      "update webhook_destinations set next_at = now() where organization_id = ?";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Place place = new Place(mine.id(), "receiver.test:443");
  private final UUID process = UUID.randomUUID();
  @Inject DestinationStore destinations;
  @Inject Pool pool;

  /** For an hour, with nothing to do. */
  private void owns(UUID owner) {
    pool.preparedQuery(
            """
            insert into webhook_destinations (organization_id, name, next_at, owner, owned_until)
            values ($1, $2, now() + interval '1 hour', $3, now() + interval '1 hour')
            """)
        .execute(Tuple.of(place.organization(), place.name(), owner))
        .await()
        .atMost(PATIENCE);
  }

  private CompletableFuture<Boolean> release() {
    return destinations
        .release(process, place, 0, false, Duration.ZERO)
        .subscribeAsCompletionStage();
  }

  private boolean waitsForALock() {
    return pool.query(
                """
                select from pg_stat_activity
                where wait_event_type = 'Lock' and query like 'update webhook_destinations d%'
                """)
            .execute()
            .await()
            .atMost(PATIENCE)
            .size()
        > 0;
  }

  @Test
  void withNothingToSendThereIsNothingMore() throws Exception {
    owns(process);
    assertThat(release().get()).isFalse();
  }

  @Test
  void whatIsPlannedWhileItIsGivenBackIsToldOf() throws Exception {
    owns(process);
    try (Connection planner = TestOrganization.connect();
        PreparedStatement wake = planner.prepareStatement(WAKE)) {
      planner.setAutoCommit(false);
      wake.setObject(1, mine.id());
      wake.executeUpdate();
      CompletableFuture<Boolean> released = release();
      await().until(this::waitsForALock);
      planner.commit();
      assertThat(released.get()).isTrue();
    }
  }

  @Test
  void oneThatWasTakenAnewMeanwhileIsLookedAtAgain() throws Exception {
    owns(UUID.randomUUID());
    assertThat(release().get()).isTrue();
    assertThat(isDue()).isTrue();
  }

  private boolean isDue() {
    return pool.preparedQuery(
            "select next_at <= now() from webhook_destinations where organization_id = $1")
        .execute(Tuple.of(mine.id()))
        .await()
        .atMost(PATIENCE)
        .iterator()
        .next()
        .getBoolean(0);
  }
}
