package dev.gantry.events;

import dev.gantry.messaging.Topics;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /asyncapi}: what is on Kafka, for its readers, who have no key. */
@Path("/asyncapi")
@Tag(name = "Events")
class AsyncApiResource {
  private final String document;

  AsyncApiResource(Topics topics, EventsConfig config) {
    document = AsyncApi.document(topics, config.mode());
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public String document() {
    return document;
  }
}
