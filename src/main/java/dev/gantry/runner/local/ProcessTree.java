package dev.gantry.runner.local;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/** A program and all that it started, found by its supervisor's process id. May block. */
final class ProcessTree {
  private static final Logger LOG = Logger.getLogger(ProcessTree.class);

  private final long pid;
  private final boolean group;

  /** Those that left the group may have left the tree as well when it is killed. */
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  /**
   * @param group whether {@code pid} leads a process group of its own
   */
  ProcessTree(long pid, boolean group) {
    this.pid = pid;
    this.group = group;
  }

  /**
   * Asks it to end.
   *
   * @param signal the name, without {@code SIG}
   */
  void terminate(String signal) {
    look();
    signal(signal);
    if (signal.equals("TERM")) {
      seen.forEach(ProcessHandle::destroy);
    } else {
      seen.stream().filter(ProcessHandle::isAlive).forEach(each -> kill(signal, each.pid()));
    }
  }

  void kill() {
    look();
    signal("KILL");
    seen.forEach(ProcessHandle::destroyForcibly);
    ProcessHandle.of(pid).filter(process -> group).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void look() {
    ProcessHandle.of(pid).ifPresent(root -> root.descendants().forEach(seen::add));
  }

  private void signal(String name) {
    if (group) {
      kill(name, -pid);
    }
  }

  /**
   * @param whom a process, or a group when it is negative
   */
  private static void kill(String name, long whom) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " -- " + whom)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      LOG.warnf("process %d could not be sent %s: %s", whom, name, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
