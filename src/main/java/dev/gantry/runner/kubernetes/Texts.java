package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.container.Places;
import dev.gantry.runner.disk.AttemptEnvironment;
import dev.gantry.runner.disk.EnvFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts of an attempt with their variables put in, each told apart by whether anybody who may
 * read the Job may see it: what would be another text without what the step is granted holds some
 * of that. Pure code.
 */
final class Texts {
  /** Every container has it, whatever the image says of a user's home. */
  private static final Map<String, String> HOST = Map.of("HOME", PodPlaces.HOME.toString());

  private final AttemptRequest request;
  private final AttemptRequest open;

  /**
   * @param granted it holds something of what the step is granted
   */
  record Text(String value, boolean granted) {}

  /**
   * @throws IllegalArgumentException when a file with variables is missing, or is none
   */
  Texts(AttemptRequest request) {
    this.request = withVariablesOfFiles(request);
    this.open = withVariablesOfFiles(request.with(StepGrants.NONE));
  }

  private static AttemptRequest withVariablesOfFiles(AttemptRequest request) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String file : request.files().dotenv()) {
      Path path = Places.inWork("dotenv file", request.filled(file));
      try {
        variables.putAll(EnvFile.read(request.filledWithGrants(content(request, path))));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "dotenv file " + path.getFileName() + ": " + e.getMessage(), e);
      }
    }
    return variables.isEmpty() ? request : request.under(variables);
  }

  private static String content(AttemptRequest request, Path path) {
    return request.files().files().entrySet().stream()
        .filter(file -> Places.inWork("file", file.getKey()).equals(path))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "it is not among the workflow's files, and on Kubernetes every step has a work"
                        + " directory of its own"));
  }

  /** Where what the step is granted may stand, too; null stays null. */
  Text of(String text) {
    if (text == null) {
      return null;
    }
    String value = request.filledWithGrants(text);
    return new Text(value, !value.equals(open.filledWithGrants(text)));
  }

  /** A script's text, into which nothing granted is put but by way of a file with variables. */
  Text script(String text) {
    String value = request.filled(text);
    return new Text(value, !value.equals(open.filled(text)));
  }

  /**
   * A text that stands in the Job itself; null stays null.
   *
   * @throws IllegalArgumentException when not everybody may see it there
   */
  String visible(String what, String text) {
    if (text == null) {
      return null;
    }
    Text filled = script(text);
    if (filled.granted()) {
      throw new IllegalArgumentException(
          what
              + " holds something of what the step is granted, and would show it to all who may"
              + " read Jobs; let the program take it from its environment or a file");
    }
    return filled.value();
  }

  /**
   * The whole environment of the program, by name.
   *
   * @param notes gets a line for every variable that cannot be passed on
   */
  Map<String, Text> environment(List<String> notes) {
    Map<String, String> visible = AttemptEnvironment.of(open, HOST, new ArrayList<>());
    Map<String, Text> environment = new LinkedHashMap<>();
    AttemptEnvironment.of(request, HOST, notes)
        .forEach(
            (name, value) ->
                environment.put(name, new Text(value, !value.equals(visible.get(name)))));
    return environment;
  }
}
