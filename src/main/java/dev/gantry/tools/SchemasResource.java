package dev.gantry.tools;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /schemas/workflow.json}: the format of workflows for editors, which have no key. */
@Path("/schemas")
@Tag(name = "Schemas")
class SchemasResource {
  private static final String FILE = "/schemas/workflow.json";

  private final String workflow;

  SchemasResource() {
    try (InputStream in = SchemasResource.class.getResourceAsStream(FILE)) {
      workflow = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GET
  @Path("/workflow.json")
  @Produces("application/schema+json")
  public String workflow() {
    return workflow;
  }
}
