package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** What the API server adds to an object that is created. */
final class Defaults {
  private Defaults() {}

  /** Fills the object in place; refuses what only a larger cluster could do. */
  static void fill(Kind kind, ObjectNode object, String namespace) {
    ObjectNode meta = Json.meta(object);
    if (!meta.hasNonNull("name") && meta.hasNonNull("generateName")) {
      meta.put("name", meta.path("generateName").asText() + suffix());
    }
    meta.put("namespace", namespace).put("uid", UUID.randomUUID().toString());
    meta.remove("resourceVersion");
    meta.remove("deletionTimestamp");
    meta.remove("deletionGracePeriodSeconds");
    if (kind.equals(Kind.JOBS)) {
      job(object);
    } else if (kind.equals(Kind.PODS)) {
      pod(object);
    } else if (kind.equals(Kind.SECRETS)) {
      secret(object);
    }
  }

  /** The selector by which a Job knows its pods. */
  private static void select(ObjectNode job) {
    String uid = Json.uid(job);
    ObjectNode spec = job.withObjectProperty("spec");
    spec.withObjectProperty("selector")
        .withObjectProperty("matchLabels")
        .put("batch.kubernetes.io/controller-uid", uid);
    spec.withObjectProperty("template")
        .withObjectProperty("metadata")
        .withObjectProperty("labels")
        .put("batch.kubernetes.io/controller-uid", uid)
        .put("controller-uid", uid);
  }

  static String suffix() {
    return UUID.randomUUID().toString().substring(0, 5);
  }

  private static void job(ObjectNode job) {
    job.remove("status");
    ObjectNode spec = job.withObjectProperty("spec");
    number(spec, "parallelism", 1);
    number(spec, "completions", 1);
    number(spec, "backoffLimit", 6);
    text(spec, "completionMode", "NonIndexed");
    text(spec, "podReplacementPolicy", "TerminatingOrFailed");
    flag(spec, "suspend");
    flag(spec, "manualSelector");
    if (spec.path("parallelism").asInt() > 1
        || spec.path("completions").asInt() > 1
        || !spec.path("completionMode").asText().equals("NonIndexed")) {
      throw ApiException.notHere("Jobs of several pods");
    }
    if (spec.has("podFailurePolicy") || spec.path("manualSelector").asBoolean()) {
      throw ApiException.notHere("podFailurePolicy and manualSelector");
    }
    ObjectNode template = spec.withObjectProperty("template");
    String name = Json.name(job);
    template
        .withObjectProperty("metadata")
        .withObjectProperty("labels")
        .put("batch.kubernetes.io/job-name", name)
        .put("job-name", name);
    podSpec(template.withObjectProperty("spec"));
    select(job);
  }

  private static void pod(ObjectNode pod) {
    ObjectNode spec = pod.withObjectProperty("spec");
    podSpec(spec);
    spec.remove("nodeName");
    pod.putObject("status").put("phase", "Pending").put("qosClass", quality(spec));
  }

  private static void podSpec(ObjectNode spec) {
    text(spec, "restartPolicy", "Always");
    text(spec, "dnsPolicy", "ClusterFirst");
    text(spec, "schedulerName", "default-scheduler");
    number(spec, "terminationGracePeriodSeconds", 30);
    spec.withObjectProperty("securityContext");
    spec.path("containers").forEach(c -> container((ObjectNode) c));
    spec.path("initContainers").forEach(c -> container((ObjectNode) c));
    if (spec.path("restartPolicy").asText().equals("OnFailure")) {
      throw ApiException.notHere("restartPolicy OnFailure");
    }
  }

  private static void container(ObjectNode container) {
    String image = container.path("image").asText();
    String tag = image.substring(image.lastIndexOf('/') + 1);
    boolean latest = !tag.contains(":") || tag.endsWith(":latest");
    text(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
    text(container, "terminationMessagePath", "/dev/termination-log");
    text(container, "terminationMessagePolicy", "File");
    container.withObjectProperty("resources");
  }

  private static void secret(ObjectNode secret) {
    text(secret, "type", "Opaque");
    JsonNode plain = secret.remove("stringData");
    if (plain != null) {
      ObjectNode data = secret.withObjectProperty("data");
      plain
          .properties()
          .forEach(
              entry ->
                  data.put(
                      entry.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
  }

  private static String quality(ObjectNode spec) {
    boolean any = false;
    boolean all = true;
    for (JsonNode container : spec.path("containers")) {
      JsonNode limits = container.at("/resources/limits");
      JsonNode requests = container.at("/resources/requests");
      any |= !limits.isEmpty() || !requests.isEmpty();
      all &= limits.has("cpu") && limits.has("memory");
      all &= requests.isEmpty() || requests.equals(limits);
    }
    return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
  }

  private static void text(ObjectNode object, String field, String value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }

  private static void number(ObjectNode object, String field, int value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }

  private static void flag(ObjectNode object, String field) {
    if (!object.hasNonNull(field)) {
      object.put(field, false);
    }
  }
}
