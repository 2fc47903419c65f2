package dev.gantry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class DatabaseClockTest {
  @Inject Vertx vertx;
  @Inject Instance<Pool> pool;

  private DatabaseClock offBy(Duration difference) {
    return new DatabaseClock(vertx, pool, InstantSource.offset(InstantSource.system(), difference));
  }

  private Instant there() {
    return pool.get()
        .query("select clock_timestamp()")
        .execute()
        .await()
        .atMost(Duration.ofSeconds(10))
        .iterator()
        .next()
        .getOffsetDateTime(0)
        .toInstant();
  }

  @Test
  void tellsTheDatabasesTimeWhateverTheProcessesClockSays() {
    for (Duration difference : new Duration[] {Duration.ofMinutes(5), Duration.ofMinutes(-5)}) {
      DatabaseClock clock = offBy(difference);
      clock.measure().await().atMost(Duration.ofSeconds(10));
      assertThat(clock.now()).isCloseTo(there(), within(2, ChronoUnit.SECONDS));
    }
  }

  @Test
  void letsBeWhatIsLessThanAMomentOff() {
    DatabaseClock clock = offBy(Duration.ZERO);
    Instant before = Instant.now();
    clock.measure().await().atMost(Duration.ofSeconds(10));
    assertThat(clock.now()).isBetween(before, Instant.now());
  }
}
