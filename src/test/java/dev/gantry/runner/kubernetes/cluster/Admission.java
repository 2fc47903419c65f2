package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.runner.kubernetes.cluster.ApiException.FieldError;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Decides whether an object is taken: its fields, names and values. */
final class Admission {
  private static final int DATA = 1 << 20;
  private static final int OBJECT = 1536 << 10;

  private Admission() {}

  /**
   * Takes unknown fields out of the object and answers a warning for each; refuses them where the
   * request asks for that.
   */
  static List<String> decode(ApiRequest request, Kind kind, ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText(kind.apiVersion());
    String name = object.path("kind").asText(kind.name());
    if (!apiVersion.equals(kind.apiVersion()) || !name.equals(kind.name())) {
      throw ApiException.badRequest(
          "the object provided is a %s %s, the request is for %s %s"
              .formatted(apiVersion, name, kind.apiVersion(), kind.name()));
    }
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
    List<String> unknown = UnknownFields.removeFrom(object, kind.model());
    List<String> warnings = unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
    String validation = request.parameter("fieldValidation").orElse("Warn");
    if (validation.equals("Strict") && !warnings.isEmpty()) {
      throw ApiException.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
              .formatted(kind.name(), kind.version(), kind.name(), String.join(", ", warnings)));
    }
    return validation.equals("Ignore") ? List.of() : warnings;
  }

  /** Throws what the API server would answer to an object it does not take. */
  static void check(Kind kind, ObjectNode object) {
    HasMetadata typed = typed(kind, object);
    List<FieldError> errors = new ArrayList<>();
    metadata(typed.getMetadata(), errors);
    if (typed instanceof Job job) {
      job(job, errors);
    } else if (typed instanceof Pod pod) {
      PodRules.check(pod.getSpec(), "spec", errors);
    } else if (typed instanceof ConfigMap map) {
      data(map.getData(), "data", errors);
    } else if (typed instanceof Secret secret) {
      secret(secret, errors);
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid(kind, Json.name(object), errors);
    }
    if (Sizes.utf8(object.toString()) > OBJECT) {
      throw ApiException.of(500, "etcdserver: request is too large", 0);
    }
  }

  /** Throws what the API server answers to a change of what cannot be changed. */
  static void checkChange(Kind kind, ObjectNode object, ObjectNode before) {
    List<FieldError> errors = new ArrayList<>();
    if (kind.equals(Kind.JOBS)) {
      boolean waiting =
          before.at("/spec/suspend").asBoolean() && !before.at("/status").has("startTime");
      immutable(object, before, "spec.selector", errors);
      immutable(object, before, "spec.completions", errors);
      if (!waiting) {
        immutable(object, before, "spec.template", errors);
      }
    } else if (kind.equals(Kind.CONFIG_MAPS) || kind.equals(Kind.SECRETS)) {
      if (before.path("immutable").asBoolean()) {
        immutable(object, before, "data", errors);
      }
    } else if (kind.equals(Kind.PODS) && !object.path("spec").equals(before.path("spec"))) {
      errors.add(
          FieldError.forbidden("spec", "pod updates may not change fields other than a few"));
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid(kind, Json.name(object), errors);
    }
  }

  private static HasMetadata typed(Kind kind, ObjectNode object) {
    try {
      return Json.to(object, kind.model());
    } catch (UncheckedIOException e) {
      throw ApiException.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: %s"
              .formatted(kind.name(), kind.version(), kind.name(), e.getCause().getMessage()));
    }
  }

  private static void metadata(ObjectMeta meta, List<FieldError> errors) {
    if (meta.getName() == null || meta.getName().isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
    } else if (!Names.isSubdomain(meta.getName())) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              meta.getName(),
              "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                  + " '-' or '.', and must start and end with an alphanumeric character"));
    }
    Names.labels(meta.getLabels(), "metadata.labels", errors);
    Names.annotations(meta.getAnnotations(), "metadata.annotations", errors);
    List<OwnerReference> owners = meta.getOwnerReferences();
    for (int i = 0; i < owners.size(); i++) {
      owner(owners.get(i), "metadata.ownerReferences[" + i + "]", errors);
    }
  }

  private static void owner(OwnerReference owner, String field, List<FieldError> errors) {
    Map<String, String> needed =
        Map.of(
            "apiVersion", or(owner.getApiVersion()),
            "kind", or(owner.getKind()),
            "name", or(owner.getName()),
            "uid", or(owner.getUid()));
    needed.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            errors.add(FieldError.invalid(field + "." + name, "", "must not be empty"));
          }
        });
  }

  private static void job(Job job, List<FieldError> errors) {
    JobSpec spec = job.getSpec();
    notNegative(spec.getActiveDeadlineSeconds(), "spec.activeDeadlineSeconds", errors);
    notNegative(spec.getBackoffLimit(), "spec.backoffLimit", errors);
    notNegative(spec.getTtlSecondsAfterFinished(), "spec.ttlSecondsAfterFinished", errors);
    ObjectMeta meta = spec.getTemplate().getMetadata();
    Names.labels(meta.getLabels(), "spec.template.labels", errors);
    Names.annotations(meta.getAnnotations(), "spec.template.annotations", errors);
    PodRules.check(spec.getTemplate().getSpec(), "spec.template.spec", errors);
    String restart = spec.getTemplate().getSpec().getRestartPolicy();
    if (!"Never".equals(restart) && !"OnFailure".equals(restart)) {
      errors.add(
          FieldError.unsupported(
              "spec.template.spec.restartPolicy", restart, List.of("OnFailure", "Never")));
    }
  }

  private static void secret(Secret secret, List<FieldError> errors) {
    data(secret.getData(), "data", errors);
    for (Map.Entry<String, String> entry : secret.getData().entrySet()) {
      try {
        Base64.getDecoder().decode(entry.getValue());
      } catch (IllegalArgumentException e) {
        throw ApiException.badRequest(
            "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at "
                + entry.getKey());
      }
    }
  }

  private static void data(Map<String, String> data, String field, List<FieldError> errors) {
    data.keySet().stream()
        .filter(key -> !Names.isDataKey(key))
        .forEach(
            key ->
                errors.add(
                    FieldError.invalid(
                        field + "[" + key + "]",
                        key,
                        "a valid config key must consist of alphanumeric characters, '-', '_' or"
                            + " '.'")));
    if (data.values().stream().mapToLong(Sizes::utf8).sum() > DATA) {
      errors.add(FieldError.tooLong("", DATA));
    }
  }

  private static void immutable(
      JsonNode object, JsonNode before, String field, List<FieldError> errors) {
    String pointer = "/" + field.replace('.', '/');
    if (!object.at(pointer).equals(before.at(pointer))) {
      errors.add(FieldError.invalid(field, object.at(pointer), "field is immutable"));
    }
  }

  private static void notNegative(Number value, String field, List<FieldError> errors) {
    if (value != null && value.longValue() < 0) {
      errors.add(FieldError.invalid(field, value, "must be greater than or equal to 0"));
    }
  }

  private static String or(String text) {
    return text == null ? "" : text;
  }
}
