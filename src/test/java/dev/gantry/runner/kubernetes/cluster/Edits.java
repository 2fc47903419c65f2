package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.function.Consumer;

/** Reaches into a Job's pod. */
final class Edits {
  private Edits() {}

  static JobBuilder pod(JobBuilder builder, Consumer<PodSpecBuilder> edit) {
    Job job = builder.build();
    PodSpecBuilder spec = new PodSpecBuilder(job.getSpec().getTemplate().getSpec());
    edit.accept(spec);
    job.getSpec().getTemplate().setSpec(spec.build());
    return new JobBuilder(job);
  }

  static JobBuilder container(JobBuilder builder, Consumer<ContainerBuilder> edit) {
    return pod(
        builder,
        spec -> {
          ContainerBuilder container = new ContainerBuilder(spec.buildFirstContainer());
          edit.accept(container);
          spec.withContainers(container.build());
        });
  }
}
