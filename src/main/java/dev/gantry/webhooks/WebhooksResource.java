package dev.gantry.webhooks;

import dev.gantry.database.DatabaseClock;
import dev.gantry.http.Actor;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.resources.Fields;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code /webhooks}: list, read, create, change and delete webhooks and subscriptions. An address,
 * and a secret that was made up here, are shown once. Event loop.
 */
@Path("/webhooks")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
class WebhooksResource {
  private final ResourceStore store;
  private final WebhookChecks checks;
  private final WebhookSecrets secrets;
  private final WebhookAddresses addresses;
  private final WebhooksConfig config;
  private final DatabaseClock clock;
  private final Caller caller;

  WebhooksResource(
      ResourceStore store,
      WebhookChecks checks,
      WebhookSecrets secrets,
      WebhookAddresses addresses,
      WebhooksConfig config,
      DatabaseClock clock,
      Caller caller) {
    this.store = store;
    this.checks = checks;
    this.secrets = secrets;
    this.addresses = addresses;
    this.config = config;
    this.clock = clock;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<WebhookView>> list(
      @BeanParam Paging paging,
      @QueryParam("type") String type,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {
    new Fields().oneOf("type", type, Webhook.TYPES).check();
    ResourceQuery query =
        new ResourceQuery(caller.organizationId()).filter(filter).equal("type", type).sorted(sort);
    return store
        .list(Webhook.class, query, paging)
        .map(page -> page.answer("webhooks", WebhookView::of, paging));
  }

  @POST
  @OnRepeat(OnRepeat.Way.REFUSE)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<WebhookView>> create(WebhookRequest body, @Context UriInfo uri) {
    Actor actor = caller.actor();
    return checks
        .checkNew(actor.organization(), body)
        .chain(webhook -> created(webhook, actor, body, uri));
  }

  private Uni<RestResponse<WebhookView>> created(
      Webhook webhook, Actor actor, WebhookRequest body, UriInfo uri) {
    webhook.begin(actor.organization());
    String secret = secrets.apply(webhook, body);
    String url = webhook.isSubscription() ? null : addresses.renew(webhook, uri.getBaseUri());
    return store.create(
        webhook,
        actor,
        made ->
            checks
                .requireRoom(actor.organization())
                .chain(
                    () ->
                        store.answer(
                            actor,
                            ResourceAnswers.created(
                                "/webhooks", made, WebhookView.of(made, url, secret)))));
  }

  @GET
  @Path("/{uuid}")
  public Uni<RestResponse<WebhookView>> get(@PathParam("uuid") String uuid) {
    return store
        .get(Webhook.class, known(uuid))
        .map(webhook -> ResourceAnswers.ok(webhook, WebhookView.of(webhook)));
  }

  @PUT
  @Path("/{uuid}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<WebhookView>> update(
      @PathParam("uuid") String uuid,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      WebhookRequest body) {
    Identity identity = known(uuid);
    AtomicReference<String> secret = new AtomicReference<>();
    return checks
        .check(identity.actor().organization(), body)
        .chain(
            () ->
                store.update(
                    Webhook.class,
                    identity,
                    ifMatch,
                    webhook -> {
                      checks.update(webhook, body);
                      secret.set(secrets.apply(webhook, body));
                    }))
        .map(webhook -> ResourceAnswers.ok(webhook, WebhookView.of(webhook, null, secret.get())));
  }

  @DELETE
  @Path("/{uuid}")
  public Uni<Message> delete(
      @PathParam("uuid") String uuid, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return store.delete(Webhook.class, known(uuid), ifMatch).map(Message::deleted);
  }

  /** A new address; the one before it is nothing any more. */
  @POST
  @Path("/{uuid}/url")
  @OnRepeat(OnRepeat.Way.REFUSE)
  public Uni<WebhookUrl> newUrl(@PathParam("uuid") String uuid, @Context UriInfo uri) {
    AtomicReference<String> url = new AtomicReference<>();
    return store
        .update(
            Webhook.class,
            known(uuid),
            null,
            webhook -> url.set(addresses.renew(webhook, uri.getBaseUri())))
        .map(webhook -> new WebhookUrl(url.get()));
  }

  /** Another secret, beside which the one before counts for a while. */
  @POST
  @Path("/{uuid}/rotate-secret")
  @OnRepeat(OnRepeat.Way.REFUSE)
  public Uni<NewSecret> rotateSecret(@PathParam("uuid") String uuid) {
    Instant until = clock.now().plus(config.delivery().secretOverlap());
    AtomicReference<String> secret = new AtomicReference<>();
    return store
        .update(
            Webhook.class, known(uuid), null, webhook -> secret.set(secrets.rotate(webhook, until)))
        .map(webhook -> new NewSecret(secret.get(), webhook.formerUntil));
  }

  /** Sends to a subscription again; what has failed meanwhile stays failed. */
  @POST
  @Path("/{uuid}/enable")
  public Uni<RestResponse<WebhookView>> enable(@PathParam("uuid") String uuid) {
    return store
        .update(Webhook.class, known(uuid), null, Webhook::enable)
        .map(webhook -> ResourceAnswers.ok(webhook, WebhookView.of(webhook)));
  }

  private Identity known(String uuid) {
    return Identity.byId(caller.actor(), uuid);
  }
}
