package dev.gantry.sources;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * A shallow, bare copy of a repository for as long as it is read: no working tree, so no link, hook
 * or submodule of it ever means anything. Blocks.
 */
final class GitRepository {
  private GitRepository() {}

  /** An open copy at one commit. */
  record Snapshot(Repository repository, RevCommit commit, SourceAddress address) {}

  static <T> T fetch(SourceAddress address, SourceConfig config, Function<Snapshot, T> read) {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("gantry-source-");
      return cloned(address, config, directory, read);
    } catch (GitAPIException | JGitInternalException | UnsupportedCredentialItem e) {
      throw SourceAddress.invalid("'" + address.url() + "' cannot be fetched: " + rootMessage(e));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a source", e);
    } finally {
      delete(directory);
    }
  }

  private static <T> T cloned(
      SourceAddress address, SourceConfig config, Path directory, Function<Snapshot, T> read)
      throws GitAPIException, IOException {
    String branch = address.branch() == null ? Constants.HEAD : address.branch();
    try (Git git =
            Git.cloneRepository()
                .setURI(address.url())
                .setDirectory(directory.toFile())
                .setBare(true)
                .setDepth(1)
                .setCloneSubmodules(false)
                .setNoTags()
                .setBranch(branch)
                .setTimeout((int) config.timeout().toSeconds())
                .call();
        RevWalk walk = new RevWalk(git.getRepository())) {
      requireSmall(directory, config.maxBytes());
      ObjectId head = head(git.getRepository(), address);
      return read.apply(new Snapshot(git.getRepository(), walk.parseCommit(head), address));
    }
  }

  private static ObjectId head(Repository repository, SourceAddress address) throws IOException {
    String name = address.branch() == null ? Constants.HEAD : Constants.R_HEADS + address.branch();
    ObjectId head = repository.resolve(name);
    if (head == null) {
      throw SourceAddress.invalid(
          "'"
              + address.url()
              + "' has no commit"
              + (address.branch() == null ? "" : " on branch '" + address.branch() + "'"));
    }
    return head;
  }

  private static void requireSmall(Path directory, long maxBytes) throws IOException {
    try (var files = Files.walk(directory)) {
      long size = files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
      if (size > maxBytes) {
        throw new ApiException(
            ErrorCode.VALIDATION_ERROR,
            "The source is larger than this server takes",
            Map.of("field", "source", "bytes", size, "max_bytes", maxBytes));
      }
    }
  }

  private static String rootMessage(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete a source's copy", e);
    }
  }
}
