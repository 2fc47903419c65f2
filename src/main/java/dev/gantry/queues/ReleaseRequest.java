package dev.gantry.queues;

import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;

/** The body of a release: which execution is to leave the queue. */
record ReleaseRequest(String executionId) {
  static void check(ReleaseRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    new Fields()
        .required("execution_id", body.executionId)
        .line("execution_id", body.executionId, 255)
        .check();
  }
}
