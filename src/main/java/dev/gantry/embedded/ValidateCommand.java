package dev.gantry.embedded;

import dev.gantry.workflows.DefinitionFile;
import dev.gantry.workflows.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code gantry validate}: tells every fault of definition files, and starts nothing. */
final class ValidateCommand {
  private static final int VALID = 0;
  private static final int FAULTY = 2;

  private final List<Path> files;
  private final PrintStream out;
  private final PrintStream err;

  ValidateCommand(List<Path> files, PrintStream out, PrintStream err) {
    this.files = files;
    this.out = out;
    this.err = err;
  }

  int run() {
    boolean valid = true;
    for (Path file : files) {
      valid &= isValid(file);
    }
    return valid ? VALID : FAULTY;
  }

  private boolean isValid(Path file) {
    DefinitionFile definitions;
    try {
      definitions = DefinitionFile.read(Files.readString(file));
    } catch (MalformedInputException noText) {
      err.println(file + ": is not UTF-8 text");
      return false;
    } catch (IOException unreadable) {
      err.println(file + ": cannot be read: " + unreadable);
      return false;
    }
    for (Fault fault : definitions.faults()) {
      err.printf(
          "%s:%d:%d: %s: %s%n", file, fault.line(), fault.column(), fault.place(), fault.message());
    }
    String holds = holds(definitions);
    if (definitions.faults().isEmpty() && holds == null) {
      err.println(file + ": holds neither a workflow (steps) nor tools");
    } else if (definitions.faults().isEmpty()) {
      out.println(file + ": valid, " + holds);
    }
    return definitions.faults().isEmpty() && holds != null;
  }

  /** Null when it holds nothing. */
  private static String holds(DefinitionFile definitions) {
    if (definitions.workflow().isPresent()) {
      var workflow = definitions.workflow().get();
      int steps = workflow.handlersFrom();
      return "workflow "
          + workflow.name()
          + (steps == 1 ? " of 1 step" : " of " + steps + " steps");
    }
    int tools = definitions.tools().size();
    return tools == 0 ? null : tools == 1 ? "1 tool" : tools + " tools";
  }
}
