package dev.gantry.schedules;

import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.StartExecution;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /schedules}: list, read, create, change and delete schedules. Event loop. */
@Path("/schedules")
@Tag(name = "Schedules")
@Produces(MediaType.APPLICATION_JSON)
class SchedulesResource {
  private final ResourceStore store;
  private final SlotStore slots;
  private final StartExecution start;
  private final DatabaseClock clock;
  private final Caller caller;

  SchedulesResource(
      ResourceStore store,
      SlotStore slots,
      StartExecution start,
      DatabaseClock clock,
      Caller caller) {
    this.store = store;
    this.slots = slots;
    this.start = start;
    this.clock = clock;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<ScheduleView>> list(
      @BeanParam Paging paging,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {
    ResourceQuery query = new ResourceQuery(caller.organizationId()).filter(filter).sorted(sort);
    return store
        .list(Schedule.class, query, paging)
        .chain(
            page ->
                slots
                    .last(page.resources().stream().map(schedule -> schedule.id).toList())
                    .map(last -> page.answer("schedules", each -> view(each, last), paging)));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ScheduleView>> create(ScheduleRequest body) {
    Actor actor = caller.actor();
    ScheduleRequest.checkNew(body);
    return start
        .check(actor.organization(), body.execute())
        .chain(
            () -> {
              Schedule schedule = new Schedule();
              body.applyTo(schedule);
              return store.create(
                  schedule,
                  actor,
                  made ->
                      store.answer(
                          actor,
                          ResourceAnswers.created("/schedules", made, view(made, Map.of()))));
            });
  }

  @GET
  @Path("/{uuid}")
  public Uni<RestResponse<ScheduleView>> get(@PathParam("uuid") String uuid) {
    return store.get(Schedule.class, known(uuid)).chain(this::shown);
  }

  /** Of a schedule that a source's workflow has, only the pause is for callers to change. */
  @PUT
  @Path("/{uuid}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ScheduleView>> update(
      @PathParam("uuid") String uuid,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      ScheduleRequest body) {
    Identity identity = known(uuid);
    return store
        .get(Schedule.class, identity)
        .invoke(() -> ScheduleRequest.check(body))
        .invoke(found -> requireOwn(found, body.isOnlyPause()))
        .chain(found -> checkExecuted(found.organizationId, body))
        .chain(() -> store.update(Schedule.class, identity, ifMatch, body::applyTo))
        .chain(() -> get(uuid));
  }

  private Uni<Void> checkExecuted(UUID organization, ScheduleRequest body) {
    return body.execute() == null
        ? Uni.createFrom().voidItem()
        : start.check(organization, body.execute()).replaceWithVoid();
  }

  @DELETE
  @Path("/{uuid}")
  public Uni<Message> delete(
      @PathParam("uuid") String uuid, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Identity identity = known(uuid);
    return store
        .get(Schedule.class, identity)
        .invoke(found -> requireOwn(found, false))
        .chain(() -> store.delete(Schedule.class, identity, ifMatch))
        .map(Message::deleted);
  }

  private static void requireOwn(Schedule schedule, boolean allowed) {
    if (schedule.sourceId != null && !allowed) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The schedule is part of a source's workflow: change it there, or pause it here",
          Map.of("source", schedule.sourceId));
    }
  }

  /** What became of its slots, the newest first. */
  @GET
  @Path("/{uuid}/slots")
  public Uni<ListAnswer<Slot>> slots(@PathParam("uuid") String uuid, @BeanParam Paging paging) {
    return store
        .get(Schedule.class, known(uuid))
        .chain(
            schedule ->
                slots
                    .count(schedule.id)
                    .chain(
                        total ->
                            slots
                                .list(schedule.id, paging)
                                .map(page -> new ListAnswer<>("slots", page, total, paging))));
  }

  private Uni<RestResponse<ScheduleView>> shown(Schedule schedule) {
    return slots
        .last(List.of(schedule.id))
        .map(last -> ResourceAnswers.ok(schedule, view(schedule, last)));
  }

  private ScheduleView view(Schedule schedule, Map<UUID, Slot> last) {
    return ScheduleView.of(schedule, last.get(schedule.id), clock.now());
  }

  private Identity known(String uuid) {
    return Identity.byId(caller.actor(), uuid);
  }
}
