package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.Admission.Candidate;
import dev.gantry.executions.QueueLimits.Limit;
import dev.gantry.platform.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who begins when places are few. */
class AdmissionTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final List<Candidate> waiting = new ArrayList<>();

  private UUID waits(UUID organization, Limits limits) {
    UUID id = Ids.next();
    waiting.add(new Candidate(id, organization, limits));
    return id;
  }

  private static Limits in(int priority, String... queues) {
    return new Limits(List.of(queues), 0, priority);
  }

  private static Admission of(Map<String, Limit> limits) {
    return new Admission(Map.of(ONE, limits, OTHER, limits), 0);
  }

  @Test
  void goesByPriorityAndThenByAge() {
    UUID first = waits(ONE, in(0, "q"));
    waits(ONE, in(0, "q"));
    UUID urgent = waits(ONE, in(5, "q"));

    assertThat(of(Map.of("q", new Limit(2, 0))).choose(waiting)).containsExactly(urgent, first);
  }

  @Test
  void addsTheQueuesPriority() {
    waits(ONE, in(5, "r", "slow"));
    UUID fast = waits(ONE, in(0, "r", "fast"));

    Map<String, Limit> limits =
        Map.of("r", new Limit(1, 0), "slow", new Limit(9, 0), "fast", new Limit(9, 6));
    assertThat(of(limits).choose(waiting)).containsExactly(fast);
  }

  @Test
  void letsOneThroughWhereNothingIsSet() {
    UUID first = waits(ONE, in(0, "q"));
    waits(ONE, in(0, "q"));

    assertThat(of(Map.of()).choose(waiting)).containsExactly(first);
  }

  @Test
  void takesTheSmallerOfWhatIsSetAndWhatTheDefinitionSays() {
    Limits own = new Limits(List.of("workflow:w"), 3, 0);
    for (int i = 0; i < 9; i++) {
      waits(ONE, own);
    }

    assertThat(of(Map.of()).choose(waiting)).hasSize(3);
    assertThat(of(Map.of("workflow:w", new Limit(2, 0))).choose(waiting)).hasSize(2);
    assertThat(of(Map.of("workflow:w", new Limit(7, 0))).choose(waiting)).hasSize(3);
    assertThat(of(Map.of("workflow:w", new Limit(0, 0))).choose(waiting)).isEmpty();
  }

  @Test
  void countsThoseThatHoldAPlace() {
    Admission admission = of(Map.of("q", new Limit(3, 0)));
    admission.held(ONE, "q", 2);
    waits(ONE, in(0, "q"));
    waits(ONE, in(0, "q"));

    assertThat(admission.choose(waiting)).hasSize(1);
  }

  @Test
  void holdsUpNobodyBehindAFullQueueThatHeDoesNotPass() {
    Admission admission = of(Map.of("full", new Limit(1, 0), "runner:r", new Limit(5, 0)));
    admission.held(ONE, "full", 1);
    waits(ONE, in(9, "full", "runner:r"));
    UUID free = waits(ONE, in(0, "runner:r"));

    assertThat(admission.choose(waiting)).containsExactly(free);
  }

  @Test
  void sharesTheInstallationBetweenOrganizations() {
    for (int i = 0; i < 100; i++) {
      waits(ONE, in(1000, Limits.ALL));
    }
    List<UUID> ofOther = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ofOther.add(waits(OTHER, in(0, Limits.ALL)));
    }
    Admission admission = new Admission(Map.of(), 10);
    admission.held(ONE, Limits.ALL, 4);

    List<UUID> chosen = admission.choose(waiting);
    assertThat(chosen).hasSize(6).containsAll(ofOther);
  }

  @Test
  void keepsTheQueuesOfOrganizationsApart() {
    waits(ONE, in(0, "q"));
    waits(OTHER, in(0, "q"));

    assertThat(of(Map.of("q", new Limit(1, 0))).choose(waiting)).hasSize(2);
  }
}
