package dev.gantry.grants;

import dev.gantry.executions.GrantedSteps;
import dev.gantry.executions.GrantedSteps.GrantedStep;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
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
    String named = execution + "/" + step + "/" + attempt;
    UUID id = Ids.parse("", execution).orElseThrow(() -> notFound(named));
    AttemptRef ref = new AttemptRef(number(step, named), number(attempt, named));
    return steps
        .inHand(id, ref.step(), ref.attempt())
        .map(found -> found.filter(this::isCallers).orElseThrow(() -> notFound(named)))
        .chain(found -> reader.read(found, id, ref, caller))
        .map(
            grants ->
                ResponseBuilder.ok(grants).header(HttpHeaders.CACHE_CONTROL, "no-store").build());
  }

  private boolean isCallers(GrantedStep step) {
    return (caller.runner() == null || caller.runner().equals(step.runner()))
        && (caller.organizationId() == null
            || caller.organizationId().equals(step.organizationId()));
  }

  private static int number(String text, String named) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw notFound(named);
    }
  }

  private static ApiException notFound(String named) {
    return ApiException.notFound("Attempt in this runner's hands", named);
  }
}
