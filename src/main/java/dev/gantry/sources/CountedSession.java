package dev.gantry.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;

/** An ssh session in which all that comes is counted, and that any thread may end. Blocks. */
final class CountedSession implements RemoteSession2 {
  private final RemoteSession session;
  private final FetchBudget budget;
  private final AtomicBoolean ended = new AtomicBoolean();

  CountedSession(RemoteSession session, FetchBudget budget) {
    this.session = session;
    this.budget = budget;
    budget.closing(this::disconnect);
  }

  @Override
  public Process exec(String command, int timeout) throws IOException {
    return new Counted(session.exec(command, timeout), budget);
  }

  @Override
  public Process exec(String command, Map<String, String> environment, int timeout)
      throws IOException {
    return session instanceof RemoteSession2 able
        ? new Counted(able.exec(command, environment, timeout), budget)
        : exec(command, timeout);
  }

  @Override
  public void disconnect() {
    if (ended.compareAndSet(false, true)) {
      session.disconnect();
    }
  }

  /** What runs at the other end, and what it says, errors included. */
  private static final class Counted extends Process {
    private final Process remote;
    private final InputStream output;
    private final InputStream errors;

    Counted(Process remote, FetchBudget budget) {
      this.remote = remote;
      this.output = budget.counted(remote.getInputStream());
      this.errors = budget.counted(remote.getErrorStream());
    }

    @Override
    public OutputStream getOutputStream() {
      return remote.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return output;
    }

    @Override
    public InputStream getErrorStream() {
      return errors;
    }

    @Override
    public int waitFor() throws InterruptedException {
      return remote.waitFor();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
      return remote.waitFor(timeout, unit);
    }

    @Override
    public int exitValue() {
      return remote.exitValue();
    }

    @Override
    public void destroy() {
      remote.destroy();
    }
  }
}
