package dev.gantry.grants;

import dev.gantry.executions.GrantedSteps;
import dev.gantry.executions.GrantedSteps.GrantedStep;
import dev.gantry.executions.HeldAttempt;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.http.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code /runner}, for runners: what an attempt is granted, while it is in that runner's hands and
 * at no other time. Event loop.
 */
@Path("/runner/executions/{execution}/steps/{step}/attempts/{attempt}/grants")
@Tag(name = "Runner")
@Produces(MediaType.APPLICATION_JSON)
class GrantsResource {
  private final GrantedSteps steps;
  private final StepGrantsReader reader;
  private final Caller caller;

  GrantsResource(GrantedSteps steps, StepGrantsReader reader, Caller caller) {
    this.steps = steps;
    this.reader = reader;
    this.caller = caller;
  }

  @GET
  public Uni<RestResponse<StepGrants>> get(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt) {
    HeldAttempt held = HeldAttempt.named(execution, step, attempt);
    AttemptRef ref = new AttemptRef(held.step(), held.attempt());
    return steps
        .inHand(held.execution(), held.step(), held.attempt())
        .map(found -> found.filter(this::isCallers).orElseThrow(held::notFound))
        .chain(found -> reader.read(found, held.execution(), ref, caller))
        .map(
            grants ->
                ResponseBuilder.ok(grants).header(HttpHeaders.CACHE_CONTROL, "no-store").build());
  }

  private boolean isCallers(GrantedStep step) {
    return HeldAttempt.isOf(caller, step.runner(), step.organizationId());
  }
}
