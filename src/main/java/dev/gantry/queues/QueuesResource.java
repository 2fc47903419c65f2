package dev.gantry.queues;

import dev.gantry.executions.QueueUse;
import dev.gantry.http.Actor;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Identity;
import dev.gantry.resources.Message;
import dev.gantry.resources.ResourceAnswers;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /queues}: list, read, limit and free queues. Event loop. */
@Path("/queues")
@Tag(name = "Queues")
@Produces(MediaType.APPLICATION_JSON)
class QueuesResource {
  private final ResourceStore store;
  private final QueueReader reader;
  private final ReleaseExecution release;
  private final ConfiguredLimits limits;
  private final QueueUse use;
  private final Caller caller;

  QueuesResource(
      ResourceStore store,
      QueueReader reader,
      ReleaseExecution release,
      ConfiguredLimits limits,
      QueueUse use,
      Caller caller) {
    this.store = store;
    this.reader = reader;
    this.release = release;
    this.limits = limits;
    this.use = use;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<QueueView>> list(@BeanParam Paging paging) {
    return reader.list(caller.organizationId(), paging);
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<QueueView>> create(QueueRequest body) {
    Actor actor = caller.actor();
    QueueRequest.checkNew(body);
    Queue queue = new Queue();
    queue.name = body.name();
    body.applyTo(queue);
    return store
        .create(
            queue,
            actor,
            made ->
                store.answer(
                    actor,
                    ResourceAnswers.created(
                        "/queues", made, QueueView.of(made, QueueUse.Count.NONE))))
        .invoke(() -> changed(actor.organization()));
  }

  @GET
  @Path("/{name}")
  public Uni<RestResponse<QueueView>> get(@PathParam("name") String name) {
    return reader
        .get(caller.organizationId(), name)
        .map(
            found ->
                found.queue() == null
                    ? RestResponse.ok(found.view())
                    : ResourceAnswers.ok(found.queue(), found.view()));
  }

  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<QueueView>> update(
      @PathParam("name") String name,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      QueueRequest body) {
    UUID organization = caller.organizationId();
    QueueRequest.check(name, body);
    return store
        .update(Queue.class, named(name), ifMatch, body::applyTo)
        .invoke(() -> changed(organization))
        .chain(() -> get(name));
  }

  /** Executions that wait in it go on waiting, for the limit of a queue that has none set. */
  @DELETE
  @Path("/{name}")
  public Uni<Message> delete(
      @PathParam("name") String name, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    UUID organization = caller.organizationId();
    return store
        .delete(Queue.class, named(name), ifMatch)
        .invoke(() -> changed(organization))
        .map(Message::deleted);
  }

  /** Answers the queue as it is then. */
  @POST
  @Path("/{name}/release")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<QueueView> release(@PathParam("name") String name, ReleaseRequest body) {
    Actor actor = caller.actor();
    return reader
        .get(actor.organization(), name)
        .invoke(() -> ReleaseRequest.check(body))
        .chain(() -> release.release(actor, name, body.executionId()))
        .chain(() -> reader.now(actor.organization(), name))
        .map(QueueReader.Found::view);
  }

  private void changed(UUID organization) {
    limits.changed(organization);
    use.changed();
  }

  private Identity named(String name) {
    return Identity.byName(caller.actor(), name);
  }
}
