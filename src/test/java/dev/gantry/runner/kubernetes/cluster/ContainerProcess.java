package dev.gantry.runner.kubernetes.cluster;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** A container's program while it runs; both its streams go into one log, as they come. */
final class ContainerProcess {
  private static final Logger LOG = Logger.getLogger(ContainerProcess.class);
  private static final int KILLED = 137;
  private static final Duration LOOK = Duration.ofMillis(1);

  private final ContainerSetup setup;
  private final Process process;
  private final CompletableFuture<Integer> exit;
  private volatile boolean killed;

  private ContainerProcess(
      ContainerSetup setup, Process process, ContainerLog log, ExecutorService threads) {
    this.setup = setup;
    this.process = process;
    CompletableFuture<Void> out =
        CompletableFuture.runAsync(
            () -> pump(process.getInputStream(), log.stream("stdout")), threads);
    CompletableFuture<Void> err =
        CompletableFuture.runAsync(
            () -> pump(process.getErrorStream(), log.stream("stderr")), threads);
    exit =
        CompletableFuture.allOf(out, err)
            .thenCombine(process.onExit(), (streams, ended) -> code(ended.exitValue()));
  }

  /** Answers when the program itself runs. */
  static ContainerProcess start(ContainerSetup setup, ContainerLog log, ExecutorService threads)
      throws IOException, StartException {
    checkProgram(setup);
    Process started = setup.sandbox().process(setup).redirectInput(new File("/dev/null")).start();
    ContainerProcess container = new ContainerProcess(setup, started, log, threads);
    while (!setup.sandbox().runs(setup, started)) {
      if (container.exit.isDone() && !Files.exists(setup.ready())) {
        throw new StartException(
            "failed to create containerd task: the sandbox ended with "
                + container.exit.join()
                + "; the container's log says why");
      } else if (container.exit.isDone()) {
        return container;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return container;
  }

  /** The code, 128 and the signal's number for one, once all that was written is in the log. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  void terminate() {
    setup.sandbox().program(setup, process).destroy();
  }

  void kill() {
    killed = true;
    setup.sandbox().kill(process);
  }

  /** Some versions of unshare answer 1 for a program that was killed, not 137. */
  private int code(int exit) {
    return killed && exit == 1 ? KILLED : exit;
  }

  private static void pump(InputStream in, ContainerLog.Stream stream) {
    byte[] buffer = new byte[64 << 10];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        stream.write(buffer, n);
      }
      stream.end();
    } catch (IOException e) {
      LOG.warnf(e, "a container's output is not read any more");
    }
  }

  private static void checkProgram(ContainerSetup setup) throws StartException {
    String program = setup.command().get(0);
    if (program.contains("/")) {
      String path = program.startsWith("/") ? program : setup.directory() + "/" + program;
      Path file = setup.sandbox().onHost(setup, path);
      if (file == null || !Files.exists(file)) {
        throw cannot(program, "stat " + program + ": no such file or directory");
      } else if (!Files.isExecutable(file) || Files.isDirectory(file)) {
        throw cannot(program, "permission denied");
      }
      return;
    }
    for (String folder : setup.environment().getOrDefault("PATH", "").split(":", -1)) {
      Path file =
          folder.startsWith("/") ? setup.sandbox().onHost(setup, folder + "/" + program) : null;
      if (file != null && Files.isExecutable(file)) {
        return;
      }
    }
    throw cannot(program, "executable file not found in $PATH");
  }

  private static StartException cannot(String program, String why) {
    return new StartException(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed:"
            + " runc create failed: unable to start container process: error during container"
            + " init: exec: \"%s\": %s: unknown".formatted(program, why));
  }
}
