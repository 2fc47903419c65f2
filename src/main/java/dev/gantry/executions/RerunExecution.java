package dev.gantry.executions;

import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.AcceptExecution.Accepted;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs an ended execution again as a new one, which takes over what completed. What is wrong with
 * the request fails with 400, an execution that has not ended with 409. Event loop, never blocks.
 */
@ApplicationScoped
class RerunExecution {
  private final LoadedExecutions loaded;
  private final AcceptExecution accept;
  private final DatabaseClock clock;

  RerunExecution(LoadedExecutions loaded, AcceptExecution accept, DatabaseClock clock) {
    this.clock = clock;
    this.loaded = loaded;
    this.accept = accept;
  }

  /** Checks the request as {@link #rerun} does, and stores nothing. */
  Uni<RerunPlan> plan(Actor actor, String executionId, RerunWorkflow body) {
    return loaded
        .get(actor.organization(), Kind.WORKFLOW, executionId)
        .map(
            before -> {
              Rerun rerun = rerun(before, body);
              Requests.again(before, body, rerun);
              return RerunPlan.of(before, rerun);
            });
  }

  Uni<Accepted> rerun(Actor actor, String executionId, RerunWorkflow body, IdempotencyKey key) {
    return loaded
        .get(actor.organization(), Kind.WORKFLOW, executionId)
        .chain(
            before -> accept.accept(Requests.again(before, body, rerun(before, body)), actor, key));
  }

  private Rerun rerun(Execution before, RerunWorkflow body) {
    if (!before.status().terminal()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The execution has not ended; cancel it, or wait for its end",
          Map.of("status", before.status().text()));
    }
    List<Integer> named = named(before, body.steps());
    Rerun rerun =
        Boolean.FALSE.equals(body.fromFailed())
            ? Rerun.ofAll(before)
            : Rerun.of(before, named, clock.now());
    if (rerun.again().isEmpty()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "Every step has completed; name the steps to run again, or say from_failed: false",
          Map.of("status", before.status().text()));
    }
    return rerun;
  }

  private static List<Integer> named(Execution before, List<String> names) {
    if (names == null) {
      return List.of();
    }
    Map<String, Integer> indexes = new HashMap<>();
    for (int step = 0; step < before.handlersFrom(); step++) {
      indexes.put(before.definition(step).name(), step);
    }
    Fields fields = new Fields();
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Integer step = indexes.get(names.get(i));
      if (step == null) {
        fields.fault("steps[" + i + "]", "there is no step '" + names.get(i) + "'");
      } else {
        named.add(step);
      }
    }
    fields.check();
    return named;
  }
}
