package dev.gantry.sources;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.Wait;
import dev.gantry.platform.Ids;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import dev.gantry.sources.ScanStore.Stored;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Scans of sources: a preview, a scan anew, and how one ended. Event loop. */
@Path("/sources")
@Tag(name = "Sources")
@Produces(MediaType.APPLICATION_JSON)
class ScansResource {
  /** How often a waiter looks: any process may run the scan. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final ScanStore scans;
  private final SourceScanner scanner;
  private final ResourceStore store;
  private final SourceChecks checks;
  private final Caller caller;

  ScansResource(
      ScanStore scans,
      SourceScanner scanner,
      ResourceStore store,
      SourceChecks checks,
      Caller caller) {
    this.scans = scans;
    this.scanner = scanner;
    this.store = store;
    this.checks = checks;
    this.caller = caller;
  }

  /** Keeps no source, tool or workflow: shows what there would be. */
  @POST
  @Path("/scan")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ScanView>> preview(SourceRequest body) {
    UUID organization = caller.organizationId();
    return checks
        .checkPreview(organization, body)
        .chain(
            origin ->
                scans.addPreview(
                    organization,
                    origin,
                    SourceRequest.stored(body.tools()),
                    SourceRequest.stored(body.workflows())))
        .chain(id -> begun(organization, id));
  }

  /** Scans a source anew, in the place of a scan that may be running. */
  @POST
  @Path("/{uuid}/sync")
  public Uni<RestResponse<ScanView>> sync(@PathParam("uuid") String uuid) {
    UUID organization = caller.organizationId();
    return store
        .note(
            Source.class,
            Identity.byId(caller.actor(), uuid),
            source -> {
              source.status = Source.SCANNING;
              return scans.add(source);
            })
        .chain(id -> begun(organization, id));
  }

  private Uni<RestResponse<ScanView>> begun(UUID organization, UUID id) {
    scanner.wake();
    return scan(organization, id)
        .map(
            scan ->
                ResponseBuilder.ok(ScanView.of(scan))
                    .status(RestResponse.Status.ACCEPTED)
                    .location(URI.create("/sources/scans/" + ScanView.PREFIX + id))
                    .build());
  }

  @GET
  @Path("/scans/{scan_id}")
  public Uni<ScanView> get(@PathParam("scan_id") String scanId, @BeanParam Wait wait) {
    UUID organization = caller.organizationId();
    UUID id =
        Ids.parse(ScanView.PREFIX, scanId).orElseThrow(() -> ApiException.notFound("Scan", scanId));
    Duration longest = wait.duration();
    return scan(organization, id)
        .chain(
            scan ->
                scan.isRunning() && !longest.isZero()
                    ? ended(organization, id, longest)
                    : Uni.createFrom().item(scan))
        .map(ScanView::of);
  }

  private Uni<Stored> ended(UUID organization, UUID id, Duration longest) {
    Context request = Vertx.currentContext();
    return Uni.createFrom()
        .deferred(() -> scan(organization, id))
        .repeat()
        .withDelay(LOOK_AGAIN)
        .until(scan -> !scan.isRunning())
        .collect()
        .last()
        .ifNoItem()
        .after(longest)
        .recoverWithItem((Stored) null)
        .emitOn(MutinyHelper.executor(request))
        .chain(() -> scan(organization, id));
  }

  private Uni<Stored> scan(UUID organization, UUID id) {
    return scans
        .find(organization, id)
        .map(found -> found.orElseThrow(() -> ApiException.notFound("Scan", ScanView.PREFIX + id)));
  }
}
