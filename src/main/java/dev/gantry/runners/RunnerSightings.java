package dev.gantry.runners;

import dev.gantry.executions.RunnerNews;
import dev.gantry.http.ApiException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Says of a runner whether and when it was seen. Event loop, never blocks. */
@ApplicationScoped
class RunnerSightings implements RunnerNews {
  private final RunnerReader reader;

  RunnerSightings(RunnerReader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<String> of(UUID organization, String runner) {
    return reader
        .get(organization, runner)
        .map(found -> sighting(found.view()))
        .onFailure(ApiException.class)
        .recoverWithItem("is not registered any more");
  }

  private static String sighting(RunnerView runner) {
    if (runner.lastSeen() == null) {
      return "has never been seen";
    }
    return RunnerReader.HEALTHY.equals(runner.status())
        ? "is healthy" + slots(runner.slots())
        : "was last seen at " + runner.lastSeen();
  }

  /** What it told last: a step that waits for one may have to wait for all the others. */
  private static String slots(RunnerView.Slots slots) {
    return slots.used() < slots.total()
        ? " (" + slots.used() + " of its " + slots.total() + " slots are taken)"
        : ", but has no slot free (" + slots.used() + " of " + slots.total() + " are taken),";
  }
}
