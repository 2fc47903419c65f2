package dev.gantry.events;

import dev.gantry.http.ServerSentEvents;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * One client's stream of server-sent events: each event that it wants, in the order of telling,
 * with its position as the id. Reads the log until it has caught up, then what is remembered of the
 * latest. All on the request's context, never blocks; writes as fast as the client reads.
 */
public final class EventStream {
  private static final Logger LOG = Logger.getLogger(EventStream.class);
  private static final int READ = 200;
  private static final long PATIENCE_MILLIS = 10_000;

  private final EventLog log;
  private final LiveEvents live;
  private final EventFilter filter;
  private final End end;
  private final ServerSentEvents out;
  private final Runnable onClose;
  private final Context context = Vertx.currentContext();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Runnable wake = this::wake;

  /** All wanted events up to here were written. */
  private long position;

  private boolean reading;
  private boolean again;
  private long patience;
  private Cancellable waiting;

  /**
   * When a stream is over.
   *
   * @param types an event of such a type is the last one
   * @param due completes when that event must have been told, or will be at any moment; never fails
   */
  public record End(List<String> types, Uni<?> due) {
    /** Never, until the client goes. */
    static final End NEVER = new End(List.of(), Uni.createFrom().nothing());
  }

  EventStream(
      EventLog log,
      LiveEvents live,
      EventFilter filter,
      long position,
      End end,
      HttpServerResponse response,
      Runnable onClose) {
    this.log = log;
    this.live = live;
    this.filter = filter;
    this.position = position;
    this.end = end;
    this.out = new ServerSentEvents(response, this::close);
    this.onClose = onClose;
  }

  void start() {
    live.add(wake);
    out.begin();
    waiting =
        end.due().subscribe().with(v -> context.runOnContext(w -> lookForEnd(true)), this::fail);
    read();
  }

  /** Called from whatever thread has read more: have the context look, once however often. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(
          v -> {
            woken.set(false);
            read();
          });
    }
  }

  private void read() {
    if (out.isOver()) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    if (out.isFull()) {
      out.whenWritable(this::read);
      return;
    }
    Optional<LiveEvents.Stretch> latest = live.after(position, filter);
    if (latest.isPresent()) {
      write(latest.get().events(), latest.get().upTo());
      return;
    }
    reading = true;
    long told = live.upTo();
    log.after(position, filter, READ)
        .subscribe()
        .with(events -> context.runOnContext(v -> fromLog(events, told)), this::fail);
  }

  /**
   * @param told all events up to here could be read
   */
  private void fromLog(List<ToldEvent> events, long told) {
    reading = false;
    boolean full = events.size() == READ;
    write(events, full ? events.get(READ - 1).position() : told);
    if (full || again) {
      again = false;
      read();
    }
  }

  /**
   * @param upTo these are all wanted ones up to here
   */
  private void write(List<ToldEvent> events, long upTo) {
    if (out.isOver()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (ToldEvent event : events) {
      text.append("id: ").append(event.position()).append("\nevent: ").append(event.type());
      text.append("\ndata: ").append(EventJson.of(event)).append("\n\n");
      position = event.position();
      if (end.types().contains(event.type())) {
        end(text, event);
        return;
      }
    }
    position = Math.max(position, upTo);
    if (text.length() > 0) {
      out.write(text.toString());
    }
  }

  /**
   * @param event the last one, or null when it is not there
   */
  private void end(StringBuilder text, ToldEvent event) {
    text.append("id: ").append(position).append("\nevent: end\ndata: {\"events\":");
    text.append(event == null ? 0 : event.sequence()).append(",\"complete\":");
    text.append(event != null).append("}\n\n");
    out.write(text.toString());
    out.end();
  }

  /** Ends when the last event was written before the client came, or is kept no longer. */
  private void lookForEnd(boolean mayCome) {
    EventFilter lastOnes =
        new EventFilter(filter.organization(), end.types(), filter.subject(), 0, Long.MAX_VALUE);
    log.after(0, lastOnes, 1)
        .subscribe()
        .with(events -> context.runOnContext(v -> lookedForEnd(events, mayCome)), this::fail);
  }

  private void lookedForEnd(List<ToldEvent> events, boolean mayCome) {
    if (out.isOver()) {
      return;
    }
    if (!events.isEmpty()) {
      if (events.get(0).position() <= position) {
        end(new StringBuilder(), events.get(0));
      }
    } else if (mayCome) {
      patience = context.owner().setTimer(PATIENCE_MILLIS, t -> lookForEnd(false));
    } else {
      end(new StringBuilder(), null);
    }
  }

  private void fail(Throwable failure) {
    LOG.warnf("a stream of events ends, its client may resume: %s", failure.toString());
    context.runOnContext(v -> out.reset());
  }

  private void close() {
    context.owner().cancelTimer(patience);
    live.remove(wake);
    if (waiting != null) {
      waiting.cancel();
    }
    onClose.run();
  }
}
