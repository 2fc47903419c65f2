package dev.gantry.events;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /events}: what was told of all resources of the organization. Event loop. */
@Path("/events")
@Tag(name = "Events")
class EventsResource {
  private final EventAnswers answers;
  private final Caller caller;

  EventsResource(EventAnswers answers, Caller caller) {
    this.answers = answers;
    this.caller = caller;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<String> page(
      @BeanParam Wanted wanted,
      @QueryParam("until") String until,
      @Context RoutingContext context) {
    long before = until == null ? Long.MAX_VALUE : EventLog.before(Wanted.time("until", until)) + 1;
    return answers.page(
        wanted.filter(caller.organizationId(), before),
        wanted.since == null ? 0 : wanted.position(),
        context);
  }

  @GET
  @Produces("text/event-stream;qs=0.5")
  public Uni<Void> follow(@BeanParam Wanted wanted, @Context RoutingContext context) {
    return stream(wanted, context);
  }

  @GET
  @Path("/stream")
  @Produces("text/event-stream")
  public Uni<Void> stream(@BeanParam Wanted wanted, @Context RoutingContext context) {
    return answers.stream(
        wanted.filter(caller.organizationId(), Long.MAX_VALUE),
        wanted.since == null ? null : (Long) wanted.position(),
        EventStream.End.NEVER,
        context);
  }

  /** The filters of a request. */
  static class Wanted {
    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern COMMA = Pattern.compile(",");

    @QueryParam("type")
    String type;

    @QueryParam("subject")
    String subject;

    @QueryParam("after_sequence")
    String afterSequence;

    @QueryParam("since")
    String since;

    EventFilter filter(UUID organization, long until) {
      return new EventFilter(organization, types(), subject(), sequence(), until);
    }

    long position() {
      return EventLog.before(time("since", since));
    }

    private List<String> types() {
      if (type == null) {
        return null;
      }
      List<String> types = new ArrayList<>();
      Arrays.stream(COMMA.split(type, -1))
          .map(String::strip)
          .forEach(
              pattern -> {
                if (!EventTypes.isPattern(pattern)) {
                  throw ApiException.invalid(
                      "type",
                      "there is no event '%s'; there are: %s, and patterns like workflow.*"
                          .formatted(pattern, String.join(", ", EventTypes.ALL)));
                }
                types.addAll(EventTypes.matching(pattern));
              });
      return types;
    }

    private String subject() {
      if (subject != null && subject.indexOf('\0') >= 0) {
        throw ApiException.invalid("subject", "must not hold the character NUL");
      }
      return subject;
    }

    private long sequence() {
      if (afterSequence == null) {
        return 0;
      }
      if (subject == null) {
        throw ApiException.invalid(
            "after_sequence", "needs a subject: each subject counts its own events");
      }
      if (!SEQUENCE.matcher(afterSequence).matches()) {
        throw ApiException.invalid("after_sequence", "must be a number from 0 on");
      }
      return Long.parseLong(afterSequence);
    }

    static Instant time(String field, String text) {
      return Times.parse(text)
          .orElseThrow(
              () -> ApiException.invalid(field, "must be a time, as 2030-01-31T12:00:00Z"));
    }
  }
}
