package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a pod can be told of itself. */
final class FieldRefs {
  private static final Pattern ENTRY =
      Pattern.compile("metadata\\.(annotations|labels)\\['([^']+)'\\]");

  private FieldRefs() {}

  /** Empty for an annotation or label that there is not. */
  static String value(Pod pod, String path) {
    Matcher entry = ENTRY.matcher(path);
    if (entry.matches()) {
      return map(pod, entry.group(1)).getOrDefault(entry.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "metadata.annotations" -> lines(map(pod, "annotations"));
      case "metadata.labels" -> lines(map(pod, "labels"));
      case "spec.nodeName" -> Kubelet.NODE;
      case "spec.serviceAccountName" ->
          pod.getSpec().getServiceAccountName() == null
              ? "default"
              : pod.getSpec().getServiceAccountName();
      case "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs" -> Kubelet.ADDRESS;
      default -> throw ApiException.notHere("the field path " + path);
    };
  }

  private static Map<String, String> map(Pod pod, String which) {
    Map<String, String> map =
        which.equals("labels") ? pod.getMetadata().getLabels() : pod.getMetadata().getAnnotations();
    return map == null ? Map.of() : map;
  }

  private static String lines(Map<String, String> map) {
    return new TreeMap<>(map)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + Json.MAPPER.valueToTree(e.getValue()))
            .collect(Collectors.joining("\n"));
  }
}
