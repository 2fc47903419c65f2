package dev.gantry.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StartExecution.Started;
import java.net.URI;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * What an event has set off.
 *
 * @param executionId of what was started; absent when the filter did not let the event pass
 * @param status of the execution, or {@code ignored}
 * @param message why nothing was started
 */
@Schema(name = "TriggeredExecution")
@JsonInclude(Include.NON_NULL)
record Triggered(String executionId, String status, Instant createdAt, String message) {
  private static final Triggered IGNORED =
      new Triggered(null, "ignored", null, "The webhook's filter does not let this event pass");

  static RestResponse<Triggered> ignored() {
    return RestResponse.ok(IGNORED);
  }

  static RestResponse<Triggered> started(Started started) {
    String id = Kind.BY_WEBHOOK + started.id();
    String kind =
        switch (started.kind()) {
          case WORKFLOW -> "workflows";
          case TOOL -> "tools";
          case CHAT -> "chat";
        };
    return ResponseBuilder.ok(new Triggered(id, started.status(), started.createdAt(), null))
        .status(RestResponse.Status.ACCEPTED)
        .location(URI.create("/" + kind + "/executions/" + id))
        .build();
  }
}
