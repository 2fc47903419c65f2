package dev.gantry.chat;

import dev.gantry.chat.turns.EntryBell;
import dev.gantry.chat.turns.Stored;
import dev.gantry.chat.turns.TurnStore;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Reads a turn's entries as they come, whichever process adds them: at once when this one does, and
 * every half second else. All on the context that it was made on; never blocks.
 */
final class Follower {
  private static final long LOOK_AGAIN_MILLIS = 500;

  private final TurnStore store;
  private final EntryBell bell;
  private final UUID execution;
  private final Consumer<List<Stored>> onEntries;
  private final Consumer<Throwable> onFailure;
  private final Context context = Vertx.currentContext();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Runnable wake = this::wake;
  private int read;
  private long timer;
  private boolean reading;
  private boolean again;
  private boolean stopped;

  /**
   * @param read entries up to here are known
   * @param onEntries gets further ones, in order
   */
  Follower(
      TurnStore store,
      EntryBell bell,
      UUID execution,
      int read,
      Consumer<List<Stored>> onEntries,
      Consumer<Throwable> onFailure) {
    this.store = store;
    this.bell = bell;
    this.execution = execution;
    this.read = read;
    this.onEntries = onEntries;
    this.onFailure = onFailure;
  }

  void start() {
    bell.add(execution, wake);
    timer =
        context.owner().setPeriodic(LOOK_AGAIN_MILLIS, tick -> context.runOnContext(v -> read()));
    read();
  }

  void stop() {
    stopped = true;
    bell.remove(execution, wake);
    context.owner().cancelTimer(timer);
  }

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
    if (stopped) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    store
        .entries(execution, read)
        .subscribe()
        .with(
            entries -> context.runOnContext(v -> took(entries)),
            failure -> context.runOnContext(v -> failed(failure)));
  }

  private void took(List<Stored> entries) {
    reading = false;
    if (stopped) {
      return;
    }
    if (!entries.isEmpty()) {
      read = entries.get(entries.size() - 1).seq();
      onEntries.accept(entries);
    }
    if (again) {
      again = false;
      read();
    }
  }

  private void failed(Throwable failure) {
    reading = false;
    if (!stopped) {
      stop();
      onFailure.accept(failure);
    }
  }
}
