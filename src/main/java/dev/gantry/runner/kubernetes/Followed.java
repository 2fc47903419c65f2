package dev.gantry.runner.kubernetes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which attempts this process follows, by their Job's name; and what Kubernetes has told of a Job
 * that is not followed yet, of the latest of them. Any thread.
 */
final class Followed {
  private static final int MOST = 500;

  private final Map<String, JobAttempt> attempts = new HashMap<>();
  private final Map<String, List<Told>> early =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Told>> eldest) {
          return size() > MOST;
        }
      };

  /** From now on; answers what was told before. */
  synchronized List<Told> add(String job, JobAttempt attempt) {
    attempts.put(job, attempt);
    List<Told> told = early.remove(job);
    return told == null ? List.of() : told;
  }

  synchronized void remove(String job, JobAttempt attempt) {
    attempts.remove(job, attempt);
  }

  /** Something of the Job or its pod has changed; whether anybody follows it. */
  boolean changed(String job) {
    JobAttempt attempt = get(job);
    if (attempt != null) {
      attempt.changed();
    }
    return attempt != null;
  }

  /** Kubernetes says something of the Job or its pod. */
  void told(String job, Told what) {
    JobAttempt attempt = getOrKeep(job, what);
    if (attempt != null) {
      attempt.told(what);
    }
  }

  private synchronized JobAttempt get(String job) {
    return attempts.get(job);
  }

  private synchronized JobAttempt getOrKeep(String job, Told what) {
    JobAttempt attempt = attempts.get(job);
    if (attempt == null) {
      early.computeIfAbsent(job, unknown -> new ArrayList<>()).add(what);
    }
    return attempt;
  }
}
