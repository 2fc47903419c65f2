package dev.gantry.runner.kubernetes.cluster;

/** Something that a pod needs is not there yet; the kubelet says so and tries again. */
final class NotReadyException extends Exception {
  private final String reason;

  NotReadyException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** As a waiting container's state has it. */
  String reason() {
    return reason;
  }
}
