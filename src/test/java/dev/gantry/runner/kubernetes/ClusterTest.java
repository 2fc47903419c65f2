package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.runner.kubernetes.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of pods: a runner sees millions of them. */
class ClusterTest {
  private final TestCluster server = TestCluster.start();
  private final AtomicBoolean followed = new AtomicBoolean();
  private final Cluster cluster =
      new Cluster(server.client(), server.namespace(), "default", name -> followed.get());
  private String name;

  @BeforeEach
  void start() throws InterruptedException {
    cluster.start();
    cluster.awaitSynced();
    Job job = Steps.job(Steps.argv("sleep", "300").step());
    name = job.getMetadata().getName();
    assertThat(cluster.create(job)).isPresent();
    await().until(() -> cluster.pod(name).isPresent());
  }

  @AfterEach
  void close() {
    cluster.close();
    server.close();
  }

  private void delete() {
    server.admin().batch().v1().jobs().inNamespace(server.namespace()).withName(name).delete();
  }

  @Test
  void whatIsGoneAndFollowedByNobodyIsForgotten() {
    delete();

    await().until(() -> cluster.job(name).isEmpty() && cluster.pod(name).isEmpty());
  }

  @Test
  void howAPodEndedIsKnownToWhoFollowsItUntilItIsForgotten() {
    followed.set(true);
    Pod pod = cluster.pod(name).orElseThrow();
    delete();
    await().until(() -> cluster.job(name).isEmpty() && !cluster.exists(pod));

    assertThat(cluster.pod(name)).isPresent();
    cluster.forget(name);
    assertThat(cluster.pod(name)).isEmpty();
  }

  @Test
  void whatIsStillThereIsNotForgotten() {
    cluster.forget(name);

    assertThat(cluster.pod(name)).isPresent();
  }
}
