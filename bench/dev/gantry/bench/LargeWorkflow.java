package dev.gantry.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * P4 and P5: what one execution of many steps takes.
 *
 * @param times how often it is executed in a run; half as often to warm up
 */
record LargeWorkflow(
    String id, String what, Measure median, int times, Workflow workflow, Effort effort)
    implements Figure {

  private interface Workflow {
    OneAtATime on(Api api) throws IOException;
  }

  static LargeWorkflow longChain(Effort effort) {
    return new LargeWorkflow(
        "P4",
        "40 steps one after the other",
        Measure.atMost("median", 0.16, "s"),
        50,
        api -> OneAtATime.chain(api, 40),
        effort);
  }

  static LargeWorkflow fanOut(Effort effort) {
    return new LargeWorkflow(
        "P5",
        "200 steps side by side and a join",
        Measure.atMost("median", 0.55, "s"),
        20,
        api -> OneAtATime.fanOut(api, 200),
        effort);
  }

  @Override
  public List<Measure> measures() {
    return List.of(median);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    workflow.on(gantry.api()).run(effort.of(times / 2));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return Map.of(
        median, workflow.on(gantry.api()).run(effort.of(times)).getValueAtPercentile(50) / 1e6);
  }
}
