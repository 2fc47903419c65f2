package dev.gantry.runner.kubernetes.cluster;

/** A container's program cannot be started: its end, with the code 128. */
final class StartException extends Exception {
  StartException(String message) {
    super(message);
  }
}
