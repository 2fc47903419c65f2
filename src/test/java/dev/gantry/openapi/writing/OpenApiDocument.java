package dev.gantry.openapi.writing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.jboss.jandex.IndexView;

/**
 * Turns what the framework reads from the code into the document that is to be served. Runs while
 * the application is built for tests, on one thread, and may block; fails when a file names an
 * operation that there is not.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class OpenApiDocument implements OASFilter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final IndexView index;

  public OpenApiDocument(IndexView index) {
    this.index = index;
  }

  @Override
  public void filterOpenAPI(OpenAPI model) {
    try {
      replace(model, complete(tree(model)));
    } catch (IOException e) {
      throw new UncheckedIOException("the OpenAPI document cannot be completed", e);
    }
  }

  private ObjectNode complete(ObjectNode document) throws IOException {
    Fragments.mergeInto(document);
    Schemas schemas = new Schemas(document);
    schemas.requireWhatIsAlwaysThere(new Records(index));
    schemas.namePages();
    schemas.closeRequests();
    new SharedParts(document).addToOperations();
    schemas.dropUnused();
    return document;
  }

  private static ObjectNode tree(OpenAPI model) throws JsonProcessingException {
    return (ObjectNode) JSON.readTree(nothingElse().withInitialModel(model).build().toJSON());
  }

  private static void replace(OpenAPI model, ObjectNode document) throws JsonProcessingException {
    byte[] bytes = JSON.writeValueAsBytes(document);
    OpenAPI read =
        nothingElse().withCustomStaticFile(() -> new ByteArrayInputStream(bytes)).build().model();
    model.setInfo(read.getInfo());
    model.setServers(read.getServers());
    model.setSecurity(read.getSecurity());
    model.setTags(read.getTags());
    model.setPaths(read.getPaths());
    model.setComponents(read.getComponents());
  }

  /** Reads and writes models as they are given. */
  private static SmallRyeOpenAPI.Builder nothingElse() {
    return SmallRyeOpenAPI.builder()
        .enableModelReader(false)
        .enableStandardStaticFiles(false)
        .enableStandardFilter(false)
        .enableAnnotationScan(false);
  }
}
