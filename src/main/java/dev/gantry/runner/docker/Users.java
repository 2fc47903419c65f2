package dev.gantry.runner.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As whom programs run: who owns the work directory, unless a user is set. May block. */
final class Users {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)(?::(\\d+))?");
  private static final String SUPERUSER = "0:0";
  private final String set;

  /** A daemon without rights maps its superuser to the user that it runs as. */
  private volatile boolean rootless;

  /**
   * @param set as {@code uid:gid}, or a name that the image has; null = who owns the work directory
   */
  Users(String set) {
    this.set = set;
  }

  void rootless(boolean is) {
    rootless = is;
  }

  /** Whether it is somebody else than the runner. */
  boolean areSet() {
    return set != null;
  }

  /**
   * The user for programs in this work directory, which is given to a user that is set, when this
   * process may give things away.
   */
  String of(Path work) throws IOException {
    if (set == null) {
      return rootless ? SUPERUSER : owner(work, "unix:uid") + ":" + owner(work, "unix:gid");
    }
    Matcher numbers = NUMBERS.matcher(set);
    if (numbers.matches() && owner(work, "unix:uid") == 0) {
      int uid = Integer.parseInt(numbers.group(1));
      int gid = numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2));
      Files.setAttribute(work, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(work, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
    return set;
  }

  private static int owner(Path path, String attribute) throws IOException {
    return (int) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
  }
}
