package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A15: the clock of a replica is five minutes ahead, and everything takes its time all the same.
 * Its runner has the right clock, as one on another host may.
 */
@QuarkusTest
@TestProfile(SkewedClockTest.Ahead.class)
class SkewedClockTest {
  private static final Duration OFF = Duration.ofMinutes(5);

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  /** An application that has the clock. */
  public static class Ahead implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(SkewedClock.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(GantryServers.class));
    }
  }

  /** The clock of the process. */
  @Alternative
  @Singleton
  public static class SkewedClock {
    @Produces
    @Alternative
    @Singleton
    InstantSource ahead() {
      return Clock.offset(Clock.systemUTC(), OFF);
    }
  }

  private Response execute(String definition) {
    return mine.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/execute?wait=30s");
  }

  private static Instant at(Response answer, String path) {
    return Instant.parse(answer.path(path));
  }

  @Test
  void anExecutionTimesOutWhenItsTimeIsUp() {
    Response answer = execute("{name: w, timeout: 3s, steps: [{name: a, command: sleep 60}]}");

    assertThat(answer.<String>path("status")).isEqualTo("timed_out");
    assertThat(Duration.between(at(answer, "created_at"), at(answer, "completed_at")))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(10));
    assertThat(at(answer, "created_at"))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(2));
  }

  @Test
  void aRetryWaitsForItsTimeAndNoLonger() {
    Response answer =
        execute(
            "{name: w, steps: [{name: a, command: 'test $GANTRY_ATTEMPT = 2',"
                + " retryPolicy: {limit: 1, intervalSec: 3}}]}");

    assertThat(answer.<String>path("status")).isEqualTo("completed");
    assertThat(Duration.between(at(answer, "created_at"), at(answer, "completed_at")))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(10));
  }

  @Test
  void stepsTellTheRightTimes() {
    Response answer = execute("{name: w, steps: [{name: a, command: sleep 1}]}");

    Instant started = at(answer, "steps[0].started_at");
    Instant completed = at(answer, "steps[0].completed_at");
    assertThat(Duration.between(started, completed))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
    assertThat(started).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(2));
  }
}
