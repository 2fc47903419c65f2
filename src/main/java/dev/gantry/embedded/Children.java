package dev.gantry.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts Java processes that end when their standard input does. */
final class Children {
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private Children() {}

  /** A process to be started; its errors go to {@code log}, its input and output to the caller. */
  static ProcessBuilder java(
      List<String> flags, String classPath, String main, List<String> arguments, Path log) {
    List<String> command = new ArrayList<>(ownSession());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath);
    command.add(main);
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /** A Ctrl-C in the terminal is for the launcher, which stops its children in their order. */
  private static List<String> ownSession() {
    return SETSID.stream().filter(Files::isExecutable).findFirst().stream()
        .map(Path::toString)
        .toList();
  }
}
