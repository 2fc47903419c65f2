package dev.gantry.sources;

import dev.gantry.http.Actor;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Identity;
import dev.gantry.resources.Message;
import dev.gantry.resources.ResourceAnswers;
import dev.gantry.resources.ResourceQuery;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /sources}: list, read, create, change and delete sources. Event loop. */
@Path("/sources")
@Tag(name = "Sources")
@Produces(MediaType.APPLICATION_JSON)
class SourcesResource {
  private final ResourceStore store;
  private final ScanStore scans;
  private final SourceScanner scanner;
  private final Definitions definitions;
  private final SourceChecks checks;
  private final Caller caller;

  SourcesResource(
      ResourceStore store,
      ScanStore scans,
      SourceScanner scanner,
      Definitions definitions,
      SourceChecks checks,
      Caller caller) {
    this.store = store;
    this.scans = scans;
    this.scanner = scanner;
    this.definitions = definitions;
    this.checks = checks;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<SourceView>> list(
      @BeanParam Paging paging,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {
    ResourceQuery query = new ResourceQuery(caller.organizationId()).filter(filter).sorted(sort);
    return store
        .list(Source.class, query, paging)
        .map(page -> page.answer("sources", SourceView::listed, paging));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<SourceView.Created>> create(SourceRequest body) {
    Actor actor = caller.actor();
    return checks
        .checkNew(actor.organization(), body)
        .chain(
            origin -> {
              Source source = new Source();
              source.origin = origin;
              body.applyTo(source);
              return store.create(
                  source, actor, made -> scans.add(made).chain(() -> created(actor, made)));
            })
        .invoke(scanner::wake);
  }

  private Uni<RestResponse<SourceView.Created>> created(Actor actor, Source made) {
    return store.answer(
        actor, ResourceAnswers.created("/sources", made, SourceView.Created.of(made)));
  }

  @GET
  @Path("/{uuid}")
  public Uni<RestResponse<SourceView>> get(@PathParam("uuid") String uuid) {
    return store.get(Source.class, known(uuid)).chain(this::shown);
  }

  @PUT
  @Path("/{uuid}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<SourceView>> update(
      @PathParam("uuid") String uuid,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      SourceRequest body) {
    Identity identity = known(uuid);
    return checks
        .check(identity.actor().organization(), body)
        .chain(
            () ->
                store.update(
                    Source.class,
                    identity,
                    ifMatch,
                    source -> checks.update(source, body),
                    this::scanAnew))
        .invoke(scanner::wake)
        .chain(this::shown);
  }

  private Uni<?> scanAnew(Source source) {
    return source.status.equals(Source.SCANNING) ? scans.add(source) : Uni.createFrom().voidItem();
  }

  @DELETE
  @Path("/{uuid}")
  public Uni<Message> delete(
      @PathParam("uuid") String uuid, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return store.delete(Source.class, known(uuid), ifMatch).map(Message::deleted);
  }

  private Identity known(String uuid) {
    return Identity.byId(caller.actor(), uuid);
  }

  private Uni<RestResponse<SourceView>> shown(Source source) {
    return definitions
        .tools(source.organizationId, source.id)
        .map(tools -> ResourceAnswers.ok(source, SourceView.of(source, tools)));
  }
}
