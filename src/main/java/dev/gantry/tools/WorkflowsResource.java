package dev.gantry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.ResourceQuery;
import dev.gantry.resources.ResourceStore;
import dev.gantry.workflows.DefinitionFile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /workflows}: list and read the workflows of sources, check definitions. Event loop. */
@Path("/workflows")
@Tag(name = "Workflows")
@Produces(MediaType.APPLICATION_JSON)
class WorkflowsResource {
  private final ResourceStore store;
  private final NamedDefinitions definitions;
  private final Caller caller;

  WorkflowsResource(ResourceStore store, NamedDefinitions definitions, Caller caller) {
    this.store = store;
    this.definitions = definitions;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<WorkflowView>> list(
      @BeanParam Paging paging,
      @QueryParam("source") String source,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {

    ResourceQuery query =
        new ResourceQuery(caller.organizationId())
            .filter(filter)
            .equal("sourceId", SourceParameter.parse(source))
            .sorted(sort);
    return store
        .list(Workflow.class, query, paging)
        .map(page -> page.answer("workflows", WorkflowView::listed, paging));
  }

  /** A large definition takes its time, so it is read on a thread that may. */
  @POST
  @Path("/validate")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<WorkflowValidation> validate(ValidateWorkflow body) {
    JsonNode definition = body == null ? null : body.definition();
    if (definition == null || !(definition.isTextual() || definition.isObject())) {
      throw ApiException.invalid(
          "definition", "is required: the workflow as an object, or as YAML or JSON text");
    }
    return Uni.createFrom()
        .item(() -> WorkflowValidation.of(DefinitionFile.readWorkflow(definition)))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  @GET
  @Path("/{uuid}")
  public Uni<WorkflowView> get(@PathParam("uuid") String uuid) {
    return definitions
        .byId(caller.organizationId(), DefinitionKind.WORKFLOW, "Workflow", uuid)
        .map(WorkflowView::of);
  }
}
