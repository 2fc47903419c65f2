package dev.gantry.runner.container;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Where things lie in a step's container. Paths are those of Linux, with a slash. Pure code. */
public final class Places {
  public static final Path WORK = Path.of("/work");
  public static final Path TMP = Path.of("/tmp");

  /** Gantry's own: the script and what runs it. */
  public static final Path OWN = Path.of("/gantry");

  /** What a container cannot do without as it is. */
  private static final List<Path> TAKEN =
      List.of(OWN, Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

  private Places() {}

  /**
   * A path below the work directory, or the directory itself.
   *
   * @param what it is, for the error
   */
  public static Path inWork(String what, String path) {
    Path place = resolved(what, WORK, path);
    if (!place.startsWith(WORK)) {
      throw new IllegalArgumentException(what + " " + path + " leads out of the work directory");
    }
    return place;
  }

  /** A relative path below {@code folder}, or an absolute one to anywhere. */
  public static Path inside(String what, Path folder, String path) {
    Path place = resolved(what, folder, path);
    if (!path.startsWith("/") && !place.startsWith(folder)) {
      throw new IllegalArgumentException(what + " " + path + " leads out of " + folder);
    }
    return place;
  }

  /**
   * Where a file or a volume is to be put: below the work directory, at home, or anywhere.
   *
   * @param what it is, for the error
   * @param home what {@code ~} stands for
   * @throws IllegalArgumentException when nothing may be put there
   */
  public static Path destination(String what, Path home, String path) {
    Path place =
        path.startsWith("~/") ? inside(what, home, path.substring(2)) : inside(what, WORK, path);
    if (place.toString().indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          what + " cannot be put at " + place + ": a path of a container has no colon");
    }
    if (place.equals(place.getRoot()) || List.of(WORK, home, TMP).contains(place)) {
      throw new IllegalArgumentException(what + " cannot take the place of " + place);
    }
    if (TAKEN.stream().anyMatch(taken -> place.startsWith(taken) || taken.startsWith(place))) {
      throw new IllegalArgumentException(what + " cannot be in " + place);
    }
    return place;
  }

  private static Path resolved(String what, Path folder, String path) {
    try {
      return folder.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(what + " is no path: " + e.getMessage(), e);
    }
  }
}
