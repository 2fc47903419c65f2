package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** What happens to pods that run, each as its own component of a cluster would tell it. */
public final class Disruptions {
  private final ObjectStore store;
  private final EventRecorder events;
  private final Kubelet kubelet;
  private final String namespace;

  Disruptions(ObjectStore store, EventRecorder events, Kubelet kubelet, String namespace) {
    this.store = store;
    this.events = events;
    this.kubelet = kubelet;
    this.namespace = namespace;
  }

  /** The kubelet ends the pod, since its node runs out of something. */
  public void evict(String pod, String message) {
    ObjectNode object = get(pod);
    events.warning("kubelet", Kind.PODS, object, "Evicted", message);
    PodWorker worker = kubelet.worker(object);
    worker.condition("DisruptionTarget", "TerminationByKubelet", message);
    worker.fail("Evicted", message, Duration.ZERO);
  }

  /** The scheduler deletes the pod for one of a higher priority. */
  public void preempt(String pod) {
    ObjectNode object = get(pod);
    events.normal(
        "default-scheduler",
        Kind.PODS,
        object,
        "Preempted",
        "Preempted by a pod on " + Kubelet.NODE);
    disrupt(
        pod,
        "PreemptionByScheduler",
        "default-scheduler: preempting to accommodate a higher priority pod");
    store.delete(Kind.PODS, namespace, pod, Deletion.BACKGROUND);
  }

  /** The kernel kills the container; its exit code is 137. */
  public void outOfMemory(String pod, String container) {
    kubelet.worker(get(pod)).outOfMemory(container);
  }

  /**
   * First of three: the node does not answer any more. The pod's status stays as it is, but for
   * that it is not ready; its log cannot be read, and who follows it hears nothing more.
   */
  public void loseNode(String pod) {
    ObjectNode object = get(pod);
    kubelet.worker(object).lose();
    events.warning("node-controller", Kind.PODS, object, "NodeNotReady", "Node is not ready");
    store.update(
        Kind.PODS, namespace, pod, o -> Conditions.set(o, "Ready", "False", "NodeNotReady", ""));
  }

  /**
   * Second, minutes later: the pod is to be deleted, which no kubelet confirms, and the connections
   * of who follows its log end.
   */
  public void evictFromLostNode(String pod) {
    ObjectNode object = get(pod);
    kubelet.worker(object).cutLogs();
    events.normal(
        "taint-eviction-controller",
        Kind.PODS,
        object,
        "TaintManagerEviction",
        "Marking for deletion Pod " + namespace + "/" + pod);
    disrupt(pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
    store.delete(Kind.PODS, namespace, pod, Deletion.BACKGROUND);
  }

  /** Third: the node is taken out of the cluster, and its pods with it. */
  public void removeLostNode(String pod) {
    store.update(
        Kind.PODS,
        namespace,
        pod,
        o -> {
          o.withObjectProperty("status").put("phase", "Failed");
          Conditions.set(
              o, "DisruptionTarget", "True", "DeletionByPodGC", "PodGC: node no longer exists");
        });
    store.delete(Kind.PODS, namespace, pod, Deletion.AT_ONCE);
  }

  private void disrupt(String pod, String reason, String message) {
    store.update(
        Kind.PODS,
        namespace,
        pod,
        o -> Conditions.set(o, "DisruptionTarget", "True", reason, message));
  }

  private ObjectNode get(String pod) {
    return store.get(Kind.PODS, namespace, pod);
  }
}
