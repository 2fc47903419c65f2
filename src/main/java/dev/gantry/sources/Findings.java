package dev.gantry.sources;

import dev.gantry.http.ApiException;
import dev.gantry.workflows.DefinitionFile;
import dev.gantry.workflows.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a scan has found so far. A name is taken by the first that has it; a later one is an error,
 * as is what cannot be read. Pure code; not for more than one thread.
 */
public final class Findings {
  static final int MAX_DEFINITIONS = 2_000;
  static final int MAX_CHARACTERS = 32 << 20;
  private static final int MAX_ERRORS = 100;
  private static final int MAX_FAULTS_TOLD = 5;

  private final Map<String, FoundTool> tools = new LinkedHashMap<>();
  private final Map<String, FoundWorkflow> workflows = new LinkedHashMap<>();
  private final List<ScanError> errors = new ArrayList<>();
  private int moreErrors;
  private long characters;

  /** In the order of the files. */
  public List<FoundTool> tools() {
    return List.copyOf(tools.values());
  }

  /** In the order of the files. */
  public List<FoundWorkflow> workflows() {
    return List.copyOf(workflows.values());
  }

  List<ScanError> errors() {
    List<ScanError> told = new ArrayList<>(errors);
    if (moreErrors > 0) {
      told.add(new ScanError(null, ScanError.SOURCE, "and " + moreErrors + " more errors"));
    }
    return Collections.unmodifiableList(told);
  }

  /**
   * Takes over what a file holds.
   *
   * @param text of a workflow, as it is to be kept
   */
  void add(String file, DefinitionFile read, String text) {
    for (DefinitionFile.Tool tool : read.tools()) {
      add(new FoundTool(tool.definition(), tool.json(), file));
    }
    read.workflow().ifPresent(workflow -> add(new FoundWorkflow(workflow, text, file)));
    if (!read.faults().isEmpty()) {
      error(file, read.isTools() ? "tool" : "workflow", told(read.faults()));
    }
  }

  private void add(FoundTool tool) {
    FoundTool first = tools.putIfAbsent(tool.tool().name(), tool);
    if (first == null) {
      count(tool.definition());
    } else {
      error(tool.file(), "tool", "'" + tool.tool().name() + "' is in " + first.file() + " already");
    }
  }

  private void add(FoundWorkflow found) {
    String name = found.workflow().name();
    FoundWorkflow first = workflows.putIfAbsent(name, found);
    if (first == null) {
      count(found.definition());
    } else {
      error(found.file(), "workflow", "'" + name + "' is in " + first.file() + " already");
    }
  }

  private void count(String definition) {
    characters += definition.length();
    if (tools.size() + workflows.size() > MAX_DEFINITIONS) {
      throw SourceAddress.invalid("holds more than " + MAX_DEFINITIONS + " tools and workflows");
    }
    if (characters > MAX_CHARACTERS) {
      throw ApiException.invalid(
          "source", "holds definitions of more than " + MAX_CHARACTERS + " characters in all");
    }
  }

  void error(String file, String type, String error) {
    if (errors.size() == MAX_ERRORS) {
      moreErrors++;
    } else {
      errors.add(new ScanError(file, type, error));
    }
  }

  private static String told(List<Fault> faults) {
    String first =
        faults.stream()
            .limit(MAX_FAULTS_TOLD)
            .map(Findings::told)
            .collect(Collectors.joining("; "));
    int more = faults.size() - MAX_FAULTS_TOLD;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private static String told(Fault fault) {
    String line = fault.line() > 0 ? " (line " + fault.line() + ")" : "";
    return fault.place() + ": " + fault.message() + line;
  }
}
