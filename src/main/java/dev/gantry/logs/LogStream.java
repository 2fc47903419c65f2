package dev.gantry.logs;

import dev.gantry.executions.LoggedExecutions;
import dev.gantry.executions.LoggedExecutions.LoggedExecution;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.http.ServerSentEvents;
import dev.gantry.logs.LogReader.Packed;
import dev.gantry.logs.LogReader.State;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * One client's stream of server-sent events. It listens to the live lines first, then replays the
 * store up to an offset behind the one where the live lines began, then goes on live from exactly
 * that offset: nothing is lost or doubled in between. A client that is too slow for its buffer
 * falls back to the store and catches up from there.
 *
 * <p>All on the request's context, never blocks; writes as fast as the client reads.
 */
final class LogStream {
  private static final Logger LOG = Logger.getLogger(LogStream.class);
  private static final int CHUNKS = 4;
  private static final int WRITE = 64 << 10;
  private static final long CATCH_UP_MILLIS = 5;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

  private final LoggedExecutions executions;
  private final LogReader reader;
  private final LiveLogs live;
  private final String topic;
  private final LogRequest request;
  private final ServerSentEvents stream;
  private final Context context = Vertx.currentContext();
  private final LiveSubscription subscription;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final JsonBytes out = new JsonBytes();
  private final LineWriter writer = new LineWriter(out);
  private final Runnable onClose;

  private LineId last;

  /** Every batch before this offset was looked at, whether or not the client wants its lines. */
  private long position;

  private Map<AttemptLog.Key, AttemptLog> attempts;
  private boolean isLive;
  private LoggedExecution ended;
  private long endedAt;
  private Cancellable waiting;

  LogStream(
      LoggedExecutions executions,
      LogReader reader,
      LiveLogs live,
      String topic,
      LogRequest request,
      HttpServerResponse response,
      Runnable onClose) {
    this.executions = executions;
    this.reader = reader;
    this.live = live;
    this.topic = topic;
    this.request = request;
    this.stream = new ServerSentEvents(response, this::close);
    this.onClose = onClose;
    this.last = request.after();
    this.position = Math.max(0, last.offset());
    this.subscription = new LiveSubscription(request.execution().logPartition(), this::wake);
  }

  void start() {
    live.subscribe(request.execution().id(), subscription);
    stream.begin(this::beat);
    waiting =
        executions
            .whenTerminal(request.execution().id())
            .chain(this::find)
            .subscribe()
            .with(found -> context.runOnContext(v -> terminal(found)), this::fail);
    catchUp();
  }

  private io.smallrye.mutiny.Uni<Optional<LoggedExecution>> find() {
    return io.smallrye.mutiny.Uni.createFrom()
        .voidItem()
        .emitOn(command -> context.runOnContext(v -> command.run()))
        .chain(
            () ->
                executions.find(
                    request.organizationId(), request.kind(), request.execution().id()));
  }

  private void terminal(Optional<LoggedExecution> found) {
    ended = found.orElse(request.execution());
    endedAt = System.nanoTime();
    endIfDone();
  }

  private void beat() {
    stream.comment();
    endIfDone();
  }

  /** Reads what the store has; goes live once that reaches to where the live lines began. */
  private void catchUp() {
    isLive = false;
    subscription.restart();
    long target = live.nextOffset(request.execution().logPartition()).orElse(Long.MAX_VALUE);
    readStore(target);
  }

  private void readStore(long target) {
    if (stream.isOver()) {
      return;
    }
    reader
        .state(topic, request.execution().logPartition(), request.execution().id())
        .subscribe()
        .with(state -> context.runOnContext(v -> replay(state, target)), this::fail);
  }

  private void replay(State state, long target) {
    if (stream.isOver()) {
      return;
    }
    reader
        .chunks(
            request.execution().id(), position, state.nextOffset(), request.filter().step(), CHUNKS)
        .subscribe()
        .with(chunks -> context.runOnContext(v -> replayed(chunks, state, target)), this::fail);
  }

  private void replayed(List<Packed> chunks, State state, long target) {
    if (stream.isOver()) {
      return;
    }
    for (Packed chunk : chunks) {
      for (Chunk.Entry entry : chunk.entries()) {
        write(entry.offset(), entry.known(), entry.batch());
      }
      position = chunk.lastOffset() + 1;
    }
    flush();
    if (chunks.size() == CHUNKS) {
      stream.whenWritable(() -> replay(state, target));
    } else if (state.nextOffset() >= target || (ended != null && isSettled(state))) {
      attempts = state.attempts();
      position = state.nextOffset();
      isLive = true;
      stream.whenWritable(this::pump);
    } else {
      context
          .owner()
          .setTimer(
              CATCH_UP_MILLIS,
              timer ->
                  context.runOnContext(
                      v ->
                          readStore(
                              target == Long.MAX_VALUE
                                  ? live.nextOffset(request.execution().logPartition())
                                      .orElse(Long.MAX_VALUE)
                                  : target)));
    }
  }

  private boolean isSettled(State state) {
    return Completeness.of(ended, state.attempts(), request.filter().step()).complete();
  }

  /** Called from the topic's thread: have the context look, once however often it is called. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(
          v -> {
            woken.set(false);
            pump();
          });
    }
  }

  private void pump() {
    if (stream.isOver() || !isLive) {
      return;
    }
    if (subscription.overflowed()) {
      catchUp();
      return;
    }
    while (!stream.isFull()) {
      LogRecord record = subscription.poll();
      if (record == null) {
        flush();
        endIfDone();
        return;
      }
      if (record.offset() >= position) {
        position = record.offset() + 1;
        AttemptLog.Key key = new AttemptLog.Key(record.batch().step(), record.batch().attempt());
        int known = attempts.computeIfAbsent(key, AttemptLog::new).add(record.batch());
        write(record.offset(), known, record.batch());
      }
      if (out.size() >= WRITE) {
        flush();
      }
    }
    flush();
    stream.whenWritable(this::pump);
  }

  private void write(long offset, int known, dev.gantry.executions.protocol.LogBatch batch) {
    if (!request.filter().wants(batch.step()) || offset < last.offset()) {
      return;
    }
    writer.batch(batch);
    batch.forEachLine(
        (seq, millis, level, continued, buffer, from, length) -> {
          int index = (int) (seq - batch.firstSeq());
          if (index >= known
              && last.isBefore(offset, index)
              && millis >= request.filter().sinceMillis()) {
            out.raw("id: ");
            writer.id(offset, index);
            out.raw("\nevent: log\ndata: ");
            writer.line(offset, index, seq, millis, level, continued, buffer, from, length);
            out.raw("\n\n");
            last = new LineId(offset, index);
          }
        });
  }

  private void flush() {
    if (out.size() > 0) {
      stream.write(Buffer.buffer(out.toArray()));
      out.clear();
    }
  }

  /** The end is told when every counted line was, or after a while with what is missing. */
  private void endIfDone() {
    if (stream.isOver() || ended == null || !isLive) {
      return;
    }
    Completeness completeness = Completeness.of(ended, attempts, request.filter().step());
    if (!completeness.complete() && System.nanoTime() - endedAt < PATIENCE_NANOS) {
      return;
    }
    out.raw("id: ").raw(last.end()).raw("\nevent: end\ndata: {\"status\":").string(ended.status());
    out.raw(",\"hash\":\"").raw(LogDigest.format(completeness.digest())).raw("\",");
    completeness.appendTo(out);
    out.raw("}\n\n");
    flush();
    stream.end();
  }

  private void fail(Throwable failure) {
    LOG.warnf("a log stream ends, its client may resume: %s", failure.toString());
    context.runOnContext(v -> stream.reset());
  }

  private void close() {
    live.unsubscribe(request.execution().id(), subscription);
    if (waiting != null) {
      waiting.cancel();
    }
    onClose.run();
  }
}
