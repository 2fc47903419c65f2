package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the config of a step whose executor is {@code ssh}: a line for the shell of another host,
 * run by {@code ssh}, which never asks for anything.
 */
final class SshReader {
  static final Keys KEYS =
      Keys.of("host", "user", "port", "keyFile", "knownHostsFile", "strictHostKey", "command");

  private static final String IMAGE = "kroniak/ssh-client:3.21";

  private SshReader() {}

  static ActionReader.Read read(Field config, Fields step) {
    Fields fields = Fields.of(config, KEYS);
    String host = fields.nonBlank("host");
    if (host == null) {
      fields.missing("host");
    }
    List<String> argv = new ArrayList<>(List.of("ssh", "-T", "-o", "BatchMode=yes"));
    boolean strict = !fields.has("strictHostKey") || fields.flag("strictHostKey");
    option(argv, "-o", "StrictHostKeyChecking=" + (strict ? "yes" : "no"));
    option(argv, "-l", fields.nonBlank("user"));
    option(argv, "-p", port(fields));
    option(argv, "-i", fields.nonBlank("keyFile"));
    String known = fields.nonBlank("knownHostsFile");
    option(argv, "-o", known == null ? null : "UserKnownHostsFile=\"" + known + "\"");
    argv.addAll(List.of("--", String.valueOf(host), String.valueOf(command(fields, step))));
    return new ActionReader.Read(new Action.Container(IMAGE, new Action.Arguments(argv)));
  }

  private static void option(List<String> argv, String option, String value) {
    if (value != null) {
      argv.add(option);
      argv.add(value);
    }
  }

  /** A number, or a text with a variable. */
  static String port(Fields fields) {
    String port = fields.nonBlank("port");
    if (port != null && !Substitution.isIn(port)) {
      fields.get("port").integer(1, 65_535);
    }
    return port;
  }

  /** The config's, or the step's own. */
  private static String command(Fields config, Fields step) {
    for (String other : List.of("script", "shell")) {
      if (step.has(other)) {
        step.fault(other, "a step of the executor 'ssh' has a command alone");
      }
    }
    if (config.has("command") && step.has("command")) {
      step.fault("command", "stands in the executor's config already; give one of them");
    }
    Fields from = config.has("command") ? config : step;
    String command = from.nonBlank("command");
    if (command == null) {
      from.fault("command", "is missing: the line for the other host's shell");
    }
    return command;
  }
}
