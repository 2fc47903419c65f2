package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Puts the scripts of tools in the place of the addresses that they have. Pure code. */
public final class RemoteScripts {
  private RemoteScripts() {}

  /** The addresses. */
  public static Set<String> in(WorkflowDefinition workflow) {
    Set<String> urls = new TreeSet<>();
    for (Step step : workflow.steps()) {
      Action action =
          step.action() instanceof Action.Parallel p ? p.each().action() : step.action();
      if (action instanceof Action.Tool tool && tool.tool().contentUrl() != null) {
        urls.add(tool.tool().contentUrl());
      }
    }
    return urls;
  }

  /**
   * The workflow with the scripts themselves.
   *
   * @param scripts by address, all that {@link #in} tells
   */
  public static WorkflowDefinition bind(WorkflowDefinition workflow, Map<String, String> scripts) {
    return workflow.with(workflow.steps().stream().map(step -> bind(step, scripts)).toList());
  }

  private static Step bind(Step step, Map<String, String> scripts) {
    if (step.action() instanceof Action.Parallel parallel) {
      return step.running(parallel.of(bind(parallel.each(), scripts)));
    }
    if (!(step.action() instanceof Action.Tool tool) || tool.tool().contentUrl() == null) {
      return step;
    }
    String script = scripts.get(tool.tool().contentUrl());
    return step.running(new Action.Tool(tool.tool().withScript(script), tool.args()));
  }
}
