package dev.gantry.tools;

import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Fields;
import dev.gantry.resources.ResourceQuery;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /tools}: list and read the tools of sources. Event loop. */
@Path("/tools")
@Tag(name = "Tools")
@Produces(MediaType.APPLICATION_JSON)
class ToolsResource {
  private final ResourceStore store;
  private final NamedDefinitions definitions;
  private final Caller caller;

  ToolsResource(ResourceStore store, NamedDefinitions definitions, Caller caller) {
    this.store = store;
    this.definitions = definitions;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<ToolView>> list(
      @BeanParam Paging paging,
      @QueryParam("source") String source,
      @QueryParam("type") String type,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {
    new Fields().line("type", type, 255).check();
    ResourceQuery query =
        new ResourceQuery(caller.organizationId())
            .filter(filter)
            .equal("sourceId", SourceParameter.parse(source))
            .equal("type", type)
            .sorted(sort);
    return store
        .list(Tool.class, query, paging)
        .map(page -> page.answer("tools", ToolView::listed, paging));
  }

  @GET
  @Path("/{uuid}")
  public Uni<ToolView> get(@PathParam("uuid") String uuid) {
    return definitions
        .byId(caller.organizationId(), DefinitionKind.TOOL, "Tool", uuid)
        .map(ToolView::of);
  }
}
