package dev.gantry.runner.kubernetes.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The logs of a pod's containers, one for each time that one began; guarded by its owner. */
final class LogsOfPod {
  private final String pod;
  private final Map<String, List<ContainerLog>> logs = new HashMap<>();

  LogsOfPod(String pod) {
    this.pod = pod;
  }

  void add(String container, ContainerLog log) {
    logs.computeIfAbsent(container, name -> new ArrayList<>()).add(log);
  }

  void cut() {
    logs.values().forEach(all -> all.forEach(ContainerLog::cut));
  }

  /** The newest, or the one before that; refuses as a kubelet does where that is not there. */
  ContainerLog find(String container, boolean previous, String waitsFor) {
    List<ContainerLog> all = logs.getOrDefault(container, List.of());
    if (previous && all.size() < 2) {
      throw ApiException.badRequest(
          "previous terminated container \"%s\" in pod \"%s\" not found".formatted(container, pod));
    }
    if (all.isEmpty()) {
      throw ApiException.badRequest(
          "container \"%s\" in pod \"%s\" is waiting to start: %s"
              .formatted(container, pod, waitsFor));
    }
    return all.get(all.size() - (previous ? 2 : 1));
  }
}
