/**
 * A Kubernetes cluster small enough to live in a test's JVM: an API server on a port of the
 * loopback, the Job controller, the garbage collector and a kubelet that runs each container as a
 * real process. It is stricter than generous: what it cannot do it refuses with a 501, and what a
 * real API server would refuse it refuses with the same status. Start reading at {@link
 * dev.gantry.runner.kubernetes.cluster.TestCluster}; the way of a request is ApiServer, RestApi,
 * ObjectStore, and that of a pod JobController, Kubelet, PodWorker, ContainerProcess.
 */
package dev.gantry.runner.kubernetes.cluster;
