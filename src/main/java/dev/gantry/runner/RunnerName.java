package dev.gantry.runner;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A name that this process serves.
 *
 * @param isOnly whether it serves no other
 */
public record RunnerName(String text, boolean isOnly) {
  /** What a name of a topic and of a directory may be like. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /**
   * @throws IllegalStateException when one cannot be a runner's name, or is there twice
   */
  static List<RunnerName> of(List<String> names) {
    for (String name : names) {
      if (!FORM.matcher(name).matches()) {
        throw new IllegalStateException(
            "gantry.runner.name is "
                + names
                + ": '"
                + name
                + "' is no name of a runner; it takes letters, digits, '.', '_' and '-', and begins"
                + " with a letter or a digit");
      }
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalStateException("gantry.runner.name is " + names + ": a name is there twice");
    }
    return names.stream().map(name -> new RunnerName(name, names.size() == 1)).toList();
  }

  /** Where a backend keeps what is this name's: apart from the others', where there are some. */
  public Path within(Path directory) {
    return isOnly ? directory : directory.resolve(text);
  }
}
