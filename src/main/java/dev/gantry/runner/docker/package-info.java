/**
 * The backend of containers on one host, through the socket of Docker or Podman. Owns the directory
 * {@code gantry.runner.docker.directory}, a {@code runner.disk}, and the containers whose label
 * {@code dev.gantry.ledger} names it. Imports {@code runner} and {@code runner.disk}. Start at
 * {@link dev.gantry.runner.docker.DockerBackend}, then {@link
 * dev.gantry.runner.docker.DockerAttempt}.
 */
package dev.gantry.runner.docker;
