package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.StepPhases;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The time from a Job's creation to the start of its program: what it waits for is told, once that
 * takes long, and how long it may wait is bounded. All of it runs in the attempt's {@link Serial}.
 */
final class Beginning {
  /** How long a program may take to begin without a word of it. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private final String job;
  private final AttemptListener listener;
  private final KubernetesResources resources;
  private final Serial serial;
  private final Consumer<GivenUp> whenGivenUp;
  private Future<?> silence;
  private Future<?> patience;
  private boolean isLong;
  private boolean over;

  /** What was told last of what it waits for. */
  private String waits;

  /** What Kubernetes said last. */
  private String lastTold;

  private Instant pulledAt;

  /**
   * It is waited for no longer.
   *
   * @param mayPass another attempt may not have to wait for that
   */
  record GivenUp(String why, boolean mayPass) {}

  Beginning(
      String job,
      AttemptListener listener,
      KubernetesResources resources,
      Serial serial,
      Consumer<GivenUp> whenGivenUp) {
    this.job = job;
    this.listener = listener;
    this.resources = resources;
    this.serial = serial;
    this.whenGivenUp = whenGivenUp;
  }

  /** The Job is there. */
  void begin() {
    silence =
        resources.later(
            SILENCE,
            () ->
                serial.run(
                    () -> {
                      isLong = true;
                      tellWaits();
                    }));
  }

  /** Kubernetes says something of the Job or its pod. */
  void told(Told what) {
    lastTold = what.text();
    if (what.isPulled()) {
      pulledAt = what.at();
    }
    tellWaits();
  }

  /** Not when it will be over in a moment: the report of the end tells all. */
  private void tellWaits() {
    if (over || !isLong) {
      return;
    }
    String now =
        pod()
            .map(PodStatus::waits)
            .orElse("has no pod yet" + (lastTold == null ? "" : ": " + lastTold));
    if (!now.equals(waits)) {
      waits = now;
      listener.waits(now, phases());
    }
  }

  private Optional<PodStatus> pod() {
    return resources.cluster().pod(job).map(PodStatus::new);
  }

  /** What is known of the time before the start, also after it. */
  StepPhases phases() {
    return new StepPhases(pod().flatMap(PodStatus::scheduledAt).orElse(null), pulledAt);
  }

  /** What keeps the program from beginning is waited out for a while, unless it will not pass. */
  void look(PodStatus pod) {
    if (over) {
      return;
    }
    Optional<String> trouble = pod.trouble();
    if (trouble.isPresent() && pod.isFinal()) {
      giveUp(trouble.get(), false);
    } else if (trouble.isPresent() && patience == null) {
      patience =
          resources.later(
              resources.settings().pendingLimit(),
              () -> serial.run(() -> giveUp(pod().flatMap(PodStatus::trouble).or(() -> trouble))));
    }
    tellWaits();
  }

  private void giveUp(Optional<String> why) {
    giveUp(why.orElseThrow(), true);
  }

  private void giveUp(String why, boolean mayPass) {
    if (!over) {
      end();
      whenGivenUp.accept(new GivenUp(why, mayPass));
    }
  }

  /** The program has begun, or never will. */
  void end() {
    over = true;
    cancel(silence);
    cancel(patience);
  }

  private static void cancel(Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
