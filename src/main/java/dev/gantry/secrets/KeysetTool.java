package dev.gantry.secrets;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** The command that makes a keyset for {@code gantry.secrets.key-file} and rotates it. Blocks. */
public final class KeysetTool {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private KeysetTool() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.err));
  }

  /** Answers the exit code. */
  public static int run(List<String> arguments, PrintStream err) {
    if (arguments.size() != 2 || !List.of("create", "rotate").contains(arguments.get(0))) {
      err.println("usage: KeysetTool create FILE | rotate FILE");
      return USAGE;
    }
    Path file = Path.of(arguments.get(1));
    try {
      if (arguments.get(0).equals("create")) {
        KeyFile.create(file);
      } else {
        KeyFile.rotate(file);
      }
      return OK;
    } catch (FileAlreadyExistsException e) {
      err.println(file + " exists; without it, what it has encrypted would be lost");
    } catch (NoSuchFileException e) {
      err.println(e.getMessage() + " does not exist");
    } catch (IOException | GeneralSecurityException e) {
      err.println(e.getMessage());
    }
    return FAILED;
  }
}
