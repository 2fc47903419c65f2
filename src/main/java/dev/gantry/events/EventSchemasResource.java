package dev.gantry.events;

import dev.gantry.http.ApiException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /schemas/events/{type}.json}: the data of events for their readers, who have no key. */
@Path("/schemas/events")
@Tag(name = "Schemas")
class EventSchemasResource {
  private final EventSchemas schemas = new EventSchemas();

  @GET
  @Path("/{type}.json")
  @Produces("application/schema+json")
  public String schema(@PathParam("type") String type) {
    return schemas
        .document(type)
        .orElseThrow(() -> ApiException.notFound("Event type", type))
        .toPrettyString();
  }
}
