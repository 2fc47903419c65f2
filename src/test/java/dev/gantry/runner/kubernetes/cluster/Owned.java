package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

/** What goes when its Job goes. */
final class Owned {
  private Owned() {}

  static ConfigMap configMap(String name, Job owner) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withOwnerReferences(by(owner))
        .endMetadata()
        .addToData("greeting", "hello")
        .build();
  }

  static Secret secret(String name, Job owner) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withOwnerReferences(by(owner))
        .endMetadata()
        .addToStringData("password", "example-not-secret")
        .build();
  }

  private static OwnerReference by(Job job) {
    return new OwnerReferenceBuilder()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .build();
  }
}
