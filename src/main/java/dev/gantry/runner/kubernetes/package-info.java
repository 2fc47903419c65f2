/**
 * Runs attempts as Kubernetes Jobs. The cluster is the memory of this backend: a Job is a command
 * that is kept, so that any process of the runner may go on with it, and nothing is written to a
 * disk. {@link dev.gantry.runner.kubernetes.JobAttempt} is the life of one.
 */
package dev.gantry.runner.kubernetes;
