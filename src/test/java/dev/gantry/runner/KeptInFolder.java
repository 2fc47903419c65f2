package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.platform.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Artifacts in a folder of this host: what any step has kept, every step wants. */
final class KeptInFolder implements ArtifactTransfer {
  /** Transfers wait for it. */
  volatile CountDownLatch gate = new CountDownLatch(0);

  /** What every transfer is refused with; null = none is. */
  volatile String refusal;

  private final Path folder;

  KeptInFolder(Path folder) {
    this.folder = folder;
  }

  Path file(String path) {
    return folder.resolve(path);
  }

  private void pass() throws InterruptedException {
    gate.await();
    if (refusal != null) {
      throw new ArtifactRefusedException(Outcome.FAILED, refusal);
    }
  }

  @Override
  public void keep(AttemptKey key, String path, Path file) throws InterruptedException {
    pass();
    try {
      Files.createDirectories(file(path).getParent());
      Files.copy(file, file(path), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Wanted> wanted(AttemptKey key) throws InterruptedException {
    pass();
    List<Wanted> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = folder.relativize(file).toString();
        String sha256 = HexFormat.of().formatHex(Sha256.of(file));
        all.add(new Wanted(path, Files.size(file), sha256, Files.isExecutable(file), ""));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void fetch(AttemptKey key, Wanted wanted, Path target) throws InterruptedException {
    pass();
    try {
      Files.copy(file(wanted.path()), target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
