package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The ledger in files: {@code <root>/segments/} holds the commands in hand, flat so that a start
 * looks at them and not at everything that ever ran; the rest lies with the execution.
 */
final class DiskLedger implements Ledger {
  private static final Logger LOG = Logger.getLogger(DiskLedger.class);
  private static final String SUFFIX = ".json";
  private static final Pattern OFFER = Pattern.compile("(.+)@(\\d+)-(\\d+)\\.offered");

  private final Path root;
  private final Path segments;

  /** Where those lie that are not owned yet; the others have their name from what they are. */
  private final Map<Path, Path> offers = new ConcurrentHashMap<>();

  private final Consumer<StepFinished> whenReported;

  DiskLedger(Path root, Consumer<StepFinished> whenReported) {
    this.root = root;
    this.whenReported = whenReported;
    this.segments = root.resolve("segments");
    createDirectories(segments);
  }

  @Override
  public String id() {
    Path file = root.resolve("id");
    try {
      if (!Files.exists(file)) {
        Path draft = root.resolve("id.draft");
        Files.writeString(draft, UUID.randomUUID().toString());
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CompletionStage<Void> offer(RunSteps command, Place place, boolean atOnce) {
    createDirectories(execution(command.executionId()));
    offers.put(
        segment(command),
        segments.resolve(
            name(command) + "@" + place.partition() + "-" + place.offset() + ".offered"));
    keep(command);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void disown(RunSteps command) {
    release(command);
  }

  @Override
  public void own(RunSteps command) {
    Path owned = segment(command);
    Path offer = offers.get(owned);
    if (offer != null) {
      move(offer, owned);
      offers.remove(owned);
    }
  }

  @Override
  public void keep(RunSteps command) {
    write(offers.getOrDefault(segment(command), segment(command)), command);
  }

  /**
   * Put away and not deleted: a file system such as ext4 looks past every file deleted in the last
   * seconds whenever it makes a new one, and many short steps make many.
   */
  @Override
  public void release(RunSteps command) {
    Path owned = segment(command);
    Path offer = offers.remove(owned);
    Path away = execution(command.executionId()).resolve(owned.getFileName());
    move(offer == null ? owned : offer, away);
  }

  @Override
  public List<RunSteps> owned() {
    return segments()
        .filter(file -> file.toString().endsWith(SUFFIX))
        .flatMap(file -> read(file, RunSteps.class).stream())
        .toList();
  }

  @Override
  public List<Offer> offered() {
    return segments().flatMap(file -> readOffer(file).stream()).toList();
  }

  private Optional<Offer> readOffer(Path file) {
    Matcher name = OFFER.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    Place place = new Place(Integer.parseInt(name.group(2)), Long.parseLong(name.group(3)));
    Optional<RunSteps> command = read(file, RunSteps.class);
    command.ifPresent(read -> offers.put(segment(read), file));
    return command.map(read -> new Offer(read, place));
  }

  private Stream<Path> segments() {
    try (Stream<Path> files = Files.list(segments)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean remembers(UUID executionId) {
    return Files.isDirectory(execution(executionId));
  }

  @Override
  public void keep(CancelSteps cancel) {
    createDirectories(execution(cancel.executionId()));
    for (AttemptRef attempt : cancel.attempts()) {
      write(
          cancelFile(new AttemptKey(cancel.executionId(), attempt.step(), attempt.attempt())),
          cancel);
    }
  }

  @Override
  public Optional<CancelSteps> cancelOf(AttemptKey key) {
    return read(cancelFile(key), CancelSteps.class);
  }

  @Override
  public void keep(StepFinished report) {
    AttemptDirectory directory =
        new AttemptDirectory(
            root, new AttemptKey(report.executionId(), report.step(), report.attempt()));
    directory.create();
    write(directory.report(), report);
    directory.forgetGrants();
    whenReported.accept(report);
  }

  @Override
  public Optional<StepFinished> reportOf(AttemptKey key) {
    return read(new AttemptDirectory(root, key).report(), StepFinished.class);
  }

  private Path execution(UUID executionId) {
    return root.resolve(executionId.toString());
  }

  private Path segment(RunSteps command) {
    return segments.resolve(name(command) + SUFFIX);
  }

  private static String name(RunSteps command) {
    StepSpec first = command.steps().get(0);
    return command.executionId() + "-" + first.index() + "-" + first.attempt();
  }

  private Path cancelFile(AttemptKey key) {
    return execution(key.executionId())
        .resolve("cancel-" + key.step() + "-" + key.attempt() + SUFFIX);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException moved) {
      LOG.debugf("%s was moved before", from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void createDirectories(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole or not at all, as seen by a later process. */
  private static void write(Path file, Object message) {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    try {
      Files.write(draft, ProtocolJson.write(message));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> Optional<T> read(Path file, Class<T> type) {
    byte[] bytes;
    try {
      if (!file.toFile().exists()) {
        return Optional.empty();
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return Optional.of(ProtocolJson.read(bytes, type));
    } catch (IOException e) {
      LOG.errorf("%s cannot be read and is passed over: %s", file, e.getMessage());
      return Optional.empty();
    }
  }
}
