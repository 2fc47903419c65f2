package dev.gantry.sources;

import dev.gantry.http.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;

/**
 * Fetches one commit of a repository into a bare copy that is there for as long as it is read: no
 * working tree, so no link, hook or submodule of it ever means anything. Time and bytes are bounded
 * while it is fetched. Blocks.
 */
@ApplicationScoped
class GitRepository {
  private static final String FETCHED = "refs/heads/fetched";

  private final SourceConfig config;
  private final GitConnections connections;

  GitRepository(SourceConfig config, GitConnections connections) {
    this.config = config;
    this.connections = connections;
  }

  /**
   * An open copy at one commit.
   *
   * @param budget that reading it also takes from
   */
  record Snapshot(
      Repository repository, RevCommit commit, SourceAddress address, FetchBudget budget) {}

  /** What is done with a snapshot while it is there. May block. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Snapshot snapshot) throws IOException;
  }

  /** As the other one, for a caller who never cancels. */
  <T> T fetch(SourceAddress address, GitCredentials credentials, Reader<T> read) {
    return fetch(address, credentials, new FetchBudget(config), read);
  }

  /**
   * Fetches what the address names and answers what {@code read} makes of it.
   *
   * @param budget new for each fetch; its {@code cancel} ends the fetch
   * @throws ApiException for {@code source}, when it cannot be fetched or is beyond a limit
   */
  <T> T fetch(
      SourceAddress address, GitCredentials credentials, FetchBudget budget, Reader<T> read) {
    Path directory = null;
    try {
      budget.start();
      directory = Files.createTempDirectory("gantry-source-");
      return fetched(address, credentials, budget, directory, read);
    } catch (TransportException
        | MissingObjectException
        | CorruptObjectException
        | IncorrectObjectTypeException
        | UnknownHostException
        | UnsupportedCredentialItem e) {
      throw told(address, budget, e);
    } catch (IOException e) {
      budget.check();
      throw new UncheckedIOException("cannot read a source", e);
    } catch (RuntimeException e) {
      budget.check(); // What an ended fetch fails with tells nothing.
      throw e;
    } finally {
      budget.stop();
      delete(directory);
    }
  }

  private <T> T fetched(
      SourceAddress address,
      GitCredentials credentials,
      FetchBudget budget,
      Path directory,
      Reader<T> read)
      throws IOException {
    boolean local = address.url().startsWith("file:");
    try (Repository repository =
        new BoundedRepository(directory.toFile(), budget, config.maxObjectBytes(), local)) {
      repository.create(true);
      try (Transport transport = connections.open(repository, address, credentials, budget)) {
        fetch(transport, address, budget);
      }
      try (RevWalk walk = new RevWalk(repository)) {
        RevCommit commit = walk.parseCommit(repository.resolve(FETCHED));
        budget.readingBegins();
        return read.read(new Snapshot(repository, commit, address, budget));
      }
    }
  }

  private static void fetch(Transport transport, SourceAddress address, FetchBudget budget)
      throws IOException {
    String wanted =
        address.branch() == null ? Constants.HEAD : Constants.R_HEADS + address.branch();
    transport.setDepth(1);
    transport.setTagOpt(TagOpt.NO_TAGS);
    transport.fetch(budget.monitor(), List.of(new RefSpec(wanted + ":" + FETCHED)));
  }

  private ApiException told(SourceAddress address, FetchBudget budget, Exception failure) {
    if (budget.why() != null) {
      return budget.why();
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof TooLargeObjectInPackException) {
      return SourceAddress.invalid(
          "holds a file larger than %d bytes (gantry.sources.max-object-bytes)"
              .formatted(config.maxObjectBytes()));
    }
    boolean unknown = root.getClass() == UnknownHostException.class;
    ApiException told =
        SourceAddress.invalid(
            "'%s' cannot be fetched: %s%s"
                .formatted(address.url(), unknown ? "no such host: " : "", root.getMessage()));
    return isAway(root) ? told.passing() : told;
  }

  /** Nobody was there to say anything of the repository. */
  private static boolean isAway(Throwable root) {
    return root instanceof SocketException
        || root instanceof InterruptedIOException
        || root.getClass() == UnknownHostException.class;
  }

  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete a source's copy", e);
    }
  }
}
