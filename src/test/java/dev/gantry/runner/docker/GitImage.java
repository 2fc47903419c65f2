package dev.gantry.runner.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * An image with this host's git and a repository, which a container of it serves by HTTP: what is
 * cloned, and what clones it.
 */
public final class GitImage {
  public static final String NAME = "git:local";

  /**
   * The repository's address, where the service that runs {@link #SERVE} is called {@code repo}.
   */
  public static final String URL = "http://repo:8098/cgi-bin/git/greetings.git";

  /** What the one file of the repository holds, which is called {@code greeting}. */
  public static final String GREETING = "hello from a repository";

  public static final List<String> SERVE = List.of("httpd", "-f", "-p", "8098", "-h", "/www");

  private static final Path GIT = Path.of("/usr/bin/git");
  private static final Path CORE = Path.of("/usr/lib/git-core");
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private GitImage() {}

  /** Makes it for this daemon; skips the test, and says why, without a git. */
  public static void orSkip(DockerDaemon daemon) {
    if (!Files.isExecutable(GIT) || !Files.isExecutable(CORE.resolve("git-http-backend"))) {
      String reason = "there is no " + GIT + " to make an image from (Debian: git)";
      System.out.println("tests of with_git_repo on docker are skipped: " + reason);
      Assumptions.abort(reason);
    }
    try {
      Path folder = Files.createTempDirectory("gantry-git");
      daemon.importImage(NAME, files(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ImageFile> files(Path folder) throws IOException {
    List<ImageFile> files = new ArrayList<>(ImageFile.busybox());
    files.add(ImageFile.copy("usr/bin/git", GIT));
    Set<String> libraries = new TreeSet<>(libraries(GIT));
    for (String name : List.of("git-remote-http", "git-http-backend")) {
      files.add(ImageFile.copy("usr/lib/git-core/" + name, CORE.resolve(name)));
      libraries.addAll(libraries(CORE.resolve(name)));
    }
    files.add(ImageFile.link("usr/lib/git-core/git", "../../bin/git"));
    libraries.forEach(library -> files.add(ImageFile.copy(library.substring(1), Path.of(library))));
    files.add(
        text(
            folder,
            "www/cgi-bin/git",
            """
            #!/bin/sh
            export GIT_PROJECT_ROOT=/srv GIT_HTTP_EXPORT_ALL=1
            exec /usr/lib/git-core/git-http-backend
            """));
    files.add(text(folder, "etc/gitconfig", "[safe]\n\tdirectory = *\n"));
    files.addAll(repository(folder));
    return files;
  }

  private static List<String> libraries(Path program) {
    return LIBRARY
        .matcher(ImageFile.output("ldd", program.toString()))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static ImageFile text(Path folder, String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return ImageFile.copy(path, Files.writeString(file, text));
  }

  private static List<ImageFile> repository(Path folder) throws IOException {
    Path work = folder.resolve("work");
    Path bare = folder.resolve("greetings.git");
    String unused =
        ImageFile.output(
            "sh",
            "-ec",
            """
            git init -q -b main "$0"
            cd "$0"
            echo "$2" > greeting
            git add .
            git -c user.name=t -c user.email=t@example.com commit -qm one
            git clone -q --bare . "$1"
            # no directory is copied that has no file
            git rev-parse main > "$1/refs/heads/main"
            """,
            work.toString(),
            bare.toString(),
            GREETING);
    try (Stream<Path> all = Files.walk(bare)) {
      return all.filter(Files::isRegularFile)
          .map(file -> ImageFile.copy("srv/greetings.git/" + bare.relativize(file), file))
          .toList();
    }
  }
}
