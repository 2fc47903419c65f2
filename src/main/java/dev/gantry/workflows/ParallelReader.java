package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Reads {@code parallel}: a text that becomes the items, a list of them, or a map. */
final class ParallelReader {
  static final Keys KEYS = Keys.of("items", "maxConcurrent");

  private ParallelReader() {}

  /**
   * The step that runs {@code each} once for each item. What is said of attempts is said of each
   * item's; what is said of the steps behind is said of all of them together.
   */
  static Step read(Field parallel, Step each) {
    return new Step(
        each.name(),
        each.description(),
        List.of(),
        action(parallel, each),
        Map.of(),
        each.output(),
        Duration.ZERO,
        null,
        RetryPolicy.NONE,
        each.continueOn(),
        null,
        each.preconditions(),
        null,
        null);
  }

  private static Action action(Field parallel, Step each) {
    if (!(parallel.value() instanceof Value.Mapping)) {
      return action(parallel, 0, each);
    }
    Fields fields = Fields.of(parallel, KEYS);
    int most =
        fields.has("maxConcurrent")
            ? fields.get("maxConcurrent").integer(1, WorkflowReader.MOST_STEPS)
            : 0;
    if (!fields.has("items")) {
      fields.missing("items");
      return null;
    }
    return action(fields.get("items"), most, each);
  }

  private static Action action(Field items, int most, Step each) {
    Step bare = each.unconditional();
    if (items.value() instanceof Value.Scalar scalar) {
      return new Action.Parallel(scalar.text(), List.of(), most, bare);
    }
    List<Field> list = items.items();
    if (list.size() > WorkflowReader.MOST_STEPS) {
      items.fault("more than " + WorkflowReader.MOST_STEPS + " items: " + list.size());
      return null;
    }
    return new Action.Parallel(null, list.stream().map(ParallelReader::item).toList(), most, bare);
  }

  private static String item(Field item) {
    return item.value() instanceof Value.Scalar scalar ? scalar.text() : ValueJson.write(item);
  }
}
