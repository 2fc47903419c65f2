package dev.gantry.events;

import dev.gantry.http.ApiException;
import dev.gantry.http.Paging;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.regex.Pattern;

/** Answers requests for events: a page of them, or a stream. Event loop, never blocks. */
@ApplicationScoped
public class EventAnswers {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

  private final EventLog log;
  private final LiveEvents live;

  EventAnswers(EventLog log, LiveEvents live) {
    this.log = log;
    this.live = live;
  }

  /**
   * The wanted events as a JSON object: {@code events}, {@code has_more}, and {@code next} for the
   * parameter {@code after}.
   *
   * @param from no event before this position is told, or at it
   */
  public Uni<String> page(EventFilter filter, long from, RoutingContext context) {
    int limit =
        Paging.number("limit", context.request().getParam("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
    String after = context.request().getParam("after");
    long position = Math.max(from, position("after", after));
    return log.after(position, filter, limit + 1)
        .map(
            found -> {
              boolean more = found.size() > limit;
              List<ToldEvent> events = more ? found.subList(0, limit) : found;
              return EventJson.page(events, more, next(events, after));
            });
  }

  /** Where the next page begins; null when that is at the beginning. */
  private static String next(List<ToldEvent> events, String after) {
    return events.isEmpty() ? after : Long.toString(events.get(events.size() - 1).position());
  }

  /**
   * Writes the wanted events behind {@code Last-Event-ID} as server-sent events, and each further
   * one when it is told; writes the response itself.
   *
   * @param from where a stream begins that names no event; null = with what is told from now on
   * @param end when the stream is over
   * @return completes when the stream is over or the client has gone
   */
  public Uni<Void> stream(
      EventFilter filter, Long from, EventStream.End end, RoutingContext context) {
    String header = context.request().getHeader("Last-Event-ID");
    String last = header == null ? context.request().getParam("last_event_id") : header;
    Uni<Long> begin =
        last == null
            ? from == null ? log.last() : Uni.createFrom().item(from)
            : Uni.createFrom().item(position("Last-Event-ID", last));
    return begin.chain(
        position ->
            Uni.createFrom()
                .emitter(
                    emitter ->
                        new EventStream(
                                log,
                                live,
                                filter,
                                position,
                                end,
                                context.response(),
                                () -> emitter.complete(null))
                            .start()));
  }

  private static long position(String field, String text) {
    if (text == null) {
      return 0;
    }
    if (!POSITION.matcher(text).matches()) {
      throw ApiException.invalid(
          field, "must be what 'next' of a page said, or the id of an event of a stream");
    }
    return Long.parseLong(text);
  }
}
