package dev.gantry.runner.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A shell that runs one attempt's program after the other, and goes on supervising the one in hand
 * when the runner dies; then its input is at its end, and so is it. Starting a shell costs more
 * than all else about a short program, so it is kept for the next. Any thread.
 */
final class Supervisor {
  private static final Logger LOG = Logger.getLogger(Supervisor.class);

  private final Process process;
  private final OutputStream requests;
  private final Consumer<Supervisor> whenIdle;
  private Runnable ended;
  private boolean retired;

  /**
   * @param process reads requests, a line each, and answers each with an empty line
   * @param whenIdle told before the end of what it ran is, unless it is retired
   */
  Supervisor(Process process, Consumer<Supervisor> whenIdle) {
    this.process = process;
    this.requests = process.getOutputStream();
    this.whenIdle = whenIdle;
    Thread listener = new Thread(this::listen, "gantry-runner-supervisor-" + process.pid());
    listener.setDaemon(true);
    listener.start();
  }

  long pid() {
    return process.pid();
  }

  /**
   * Runs a program; only when idle.
   *
   * @param ended called on the supervisor's own thread when the program has ended or the shell has
   * @return false, and nothing is run, when the shell is no more
   */
  synchronized boolean run(String request, Runnable ended) {
    if (retired) {
      return false;
    }
    this.ended = ended;
    try {
      requests.write((request + "\n").getBytes(StandardCharsets.UTF_8));
      requests.flush();
      return true;
    } catch (IOException gone) {
      this.ended = null;
      retired = true;
      return false;
    }
  }

  /**
   * Runs nothing after what it runs now; then it may be signalled, which hits no other program.
   *
   * @return false when it runs nothing now
   */
  synchronized boolean retire() {
    retired |= ended != null;
    return ended != null;
  }

  /** Ends when what it runs has ended. */
  synchronized void close() {
    retired = true;
    try {
      requests.close();
    } catch (IOException e) {
      LOG.debugf("supervisor %d was gone before it was let go: %s", pid(), e.getMessage());
    }
  }

  private void listen() {
    try (InputStream answers = process.getInputStream()) {
      while (answers.read() >= 0) {
        answered();
      }
    } catch (IOException e) {
      LOG.warnf("supervisor %d cannot be heard: %s", pid(), e.getMessage());
    }
    close();
    answered();
  }

  private void answered() {
    Runnable told;
    boolean reusable;
    synchronized (this) {
      told = ended;
      ended = null;
      reusable = !retired;
    }
    if (reusable) {
      whenIdle.accept(this);
    } else {
      close();
    }
    if (told != null) {
      told.run();
    }
  }
}
