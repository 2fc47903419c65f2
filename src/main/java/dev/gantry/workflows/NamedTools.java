package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Puts tools in the place of their names in a workflow. Pure code. */
public final class NamedTools {
  private final Map<String, ToolDefinition> tools;
  private final Reading reading = new Reading();

  private NamedTools(Map<String, ToolDefinition> tools) {
    this.tools = tools;
  }

  /** The names of tools that the workflow's steps run. */
  public static Set<String> in(WorkflowDefinition workflow) {
    Set<String> names = new TreeSet<>();
    for (Step step : workflow.steps()) {
      Action action = step.action();
      if (action instanceof Action.Parallel parallel) {
        action = parallel.each().action();
      }
      if (action instanceof Action.NamedTool named) {
        names.add(named.name());
      }
    }
    return names;
  }

  /**
   * The workflow with the tools themselves.
   *
   * @param tools by name, all that {@link #in} names
   * @throws InvalidDefinitionException when a call does not fit what its tool declares
   */
  public static WorkflowDefinition bind(
      WorkflowDefinition workflow, Map<String, ToolDefinition> tools) {
    NamedTools all = new NamedTools(tools);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < workflow.steps().size(); i++) {
      steps.add(all.bind(workflow.steps().get(i), Place.ROOT.key("steps").item(i)));
    }
    all.reading.faults().throwIfAny();
    return workflow.with(steps);
  }

  private Step bind(Step step, Place place) {
    if (step.action() instanceof Action.NamedTool named) {
      return step.running(tool(named, place));
    }
    return step.action() instanceof Action.Parallel parallel
        ? step.running(parallel.of(bind(parallel.each(), place)))
        : step;
  }

  private Action tool(Action.NamedTool named, Place place) {
    Field at =
        new Field(
            place.key("executor").key("config").key("args"), new Value.Nothing(Mark.NONE), reading);
    ToolDefinition tool = tools.get(named.name());
    return new Action.Tool(tool, ToolArguments.inDefinition(tool, named.args(), at));
  }
}
