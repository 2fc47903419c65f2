package dev.gantry.audit;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /audit}, for admins: who changed what, newest first. Event loop. */
@Path("/audit")
@Tag(name = "Audit")
@Produces(MediaType.APPLICATION_JSON)
class AuditResource {
  private final Caller caller;

  AuditResource(Caller caller) {
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<AuditView>> list(
      @BeanParam Paging paging,
      @QueryParam("actor") String actor,
      @QueryParam("action") String action,
      @QueryParam("resource") String resource,
      @QueryParam("since") String since,
      @QueryParam("until") String until) {
    if (paging.offset() > AuditQuery.MOST_COUNTED) {
      throw ApiException.invalid(
          "offset",
          "must be at most " + AuditQuery.MOST_COUNTED + "; go on with until = the last 'at'");
    }
    return new AuditQuery(caller.organizationId())
        .equal("actor", "actorName", actor)
        .equal("action", "action", action)
        .equal("resource", "resourceId", resource)
        .since(since)
        .until(until)
        .page(paging.offset(), paging.limit())
        .map(
            page ->
                new ListAnswer<>(
                    "entries",
                    page.entries().stream().map(AuditView::of).toList(),
                    page.total(),
                    paging));
  }
}
