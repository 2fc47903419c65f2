package dev.gantry.events;

import dev.gantry.platform.Rounds;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was told last, read once for all streams of this process. A stream that is behind what is
 * remembered here reads the {@link EventLog} until it has caught up. Any thread, never blocks.
 */
@ApplicationScoped
class LiveEvents {
  private static final int READ = 500;
  private static final int REMEMBERED = 2000;

  private final EventLog log;
  private final Rounds rounds;
  private final Set<Runnable> streams = ConcurrentHashMap.newKeySet();
  private final Deque<ToldEvent> latest = new ArrayDeque<>();

  /** All events behind this position, and not behind {@link #upTo}, are remembered. */
  private long from;

  private long upTo;
  private boolean started;

  LiveEvents(Vertx vertx, EventLog log) {
    this.log = log;
    this.rounds = new Rounds("live events", vertx, Duration.ofSeconds(1), this::read);
  }

  /** From now on {@code stream} is called when there is more, on an event loop. */
  void add(Runnable stream) {
    streams.add(stream);
    start();
  }

  private synchronized void start() {
    if (!started) {
      started = true;
      log.onTold(
          () -> {
            if (!streams.isEmpty()) {
              rounds.look();
            }
          });
      rounds.start();
    }
    rounds.look();
  }

  void remove(Runnable stream) {
    streams.remove(stream);
  }

  /**
   * The wanted ones of the events behind a position.
   *
   * @param upTo all that are told behind the position and not behind this were looked at
   */
  record Stretch(List<ToldEvent> events, long upTo) {}

  /** Empty when not all events behind the position are remembered. */
  synchronized Optional<Stretch> after(long position, EventFilter filter) {
    if (position < from || upTo == 0) {
      return Optional.empty();
    }
    Deque<ToldEvent> wanted = new ArrayDeque<>();
    for (Iterator<ToldEvent> events = latest.descendingIterator(); events.hasNext(); ) {
      ToldEvent event = events.next();
      if (event.position() <= position) {
        break;
      }
      if (filter.wants(event)) {
        wanted.addFirst(event);
      }
    }
    return Optional.of(new Stretch(List.copyOf(wanted), upTo));
  }

  /** All events up to here can be read; 0 = not known. */
  synchronized long upTo() {
    return upTo;
  }

  private Uni<Void> read() {
    long behind = upTo();
    return behind == 0
        ? log.last().invoke(this::begin).replaceWithVoid()
        : log.after(behind, READ)
            .invoke(this::remember)
            .chain(events -> events.size() == READ ? read() : Uni.createFrom().<Void>nullItem());
  }

  private void begin(long position) {
    synchronized (this) {
      from = position;
      upTo = Math.max(1, position);
    }
    streams.forEach(Runnable::run);
  }

  private void remember(List<ToldEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    synchronized (this) {
      latest.addAll(events);
      upTo = events.get(events.size() - 1).position();
      while (latest.size() > REMEMBERED) {
        from = latest.remove().position();
      }
    }
    streams.forEach(Runnable::run);
  }
}
