package dev.gantry.runner.kubernetes.cluster;

/** Finds the log that a request for {@code pods/log} is about. */
interface PodLogs {
  /** Refuses by an {@link ApiException} where there is none, or none yet. */
  ContainerLog find(ApiRequest request);
}
