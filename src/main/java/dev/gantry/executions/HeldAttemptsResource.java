package dev.gantry.executions;

import dev.gantry.http.Caller;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * {@code /runner}, for runners: which of the attempts that one finds are still waited for, so that
 * it goes on with them and with no others. Event loop.
 */
@Path("/runner/attempts/held")
@Tag(name = "Runner")
@Produces(MediaType.APPLICATION_JSON)
class HeldAttemptsResource {
  private final HeldAttempts attempts;
  private final Caller caller;

  HeldAttemptsResource(HeldAttempts attempts, Caller caller) {
    this.attempts = attempts;
    this.caller = caller;
  }

  /** One attempt of one step. */
  record Named(UUID execution, Integer step, Integer attempt) {
    static Named of(HeldAttempt held) {
      return new Named(held.execution(), held.step(), held.attempt());
    }

    HeldAttempt attemptNamed() {
      return new HeldAttempt(execution, step, attempt);
    }

    boolean isWhole() {
      return execution != null && step != null && attempt != null;
    }
  }

  /** Attempts that are asked for, or those of them that are held. */
  record NamedAttempts(List<Named> attempts) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<NamedAttempts> held(NamedAttempts body) {
    check(body);
    return attempts
        .among(body.attempts.stream().map(Named::attemptNamed).toList(), caller)
        .map(held -> new NamedAttempts(held.stream().map(Named::of).toList()));
  }

  private static void check(NamedAttempts body) {
    Fields fields = new Fields();
    if (body == null || body.attempts == null) {
      fields.fault("attempts", "is required");
    } else if (body.attempts.size() > HeldAttempts.MOST_AT_ONCE) {
      fields.fault("attempts", "may be " + HeldAttempts.MOST_AT_ONCE + " at once");
    } else if (!body.attempts.stream().allMatch(each -> each != null && each.isWhole())) {
      fields.fault("attempts", "must each have an execution, a step and an attempt");
    }
    fields.check();
  }
}
