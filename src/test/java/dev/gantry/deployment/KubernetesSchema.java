package dev.gantry.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Set;

/**
 * Holds objects against Kubernetes' published schema: an unknown field, a missing one and a value
 * of a wrong type are errors, as they are for an API server that validates strictly.
 */
final class KubernetesSchema {
  private static final ObjectMapper WRITER = new ObjectMapper();

  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("v1 Namespace", V1Namespace.class),
          Map.entry("v1 ConfigMap", V1ConfigMap.class),
          Map.entry("v1 Secret", V1Secret.class),
          Map.entry("v1 Service", V1Service.class),
          Map.entry("v1 ServiceAccount", V1ServiceAccount.class),
          Map.entry("v1 Pod", V1Pod.class),
          Map.entry("apps/v1 Deployment", V1Deployment.class),
          Map.entry("autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class),
          Map.entry("policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class),
          Map.entry("rbac.authorization.k8s.io/v1 Role", V1Role.class),
          Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", V1RoleBinding.class));

  /** Of the Prometheus operator; what they say is checked where it is used. */
  private static final Set<String> FOREIGN =
      Set.of(
          "monitoring.coreos.com/v1 ServiceMonitor",
          "monitoring.coreos.com/v1 PodMonitor",
          "monitoring.coreos.com/v1 PrometheusRule");

  private KubernetesSchema() {}

  /** Fails with a sentence that names the field. */
  static void check(Map<String, Object> object) {
    String type = object.get("apiVersion") + " " + object.get("kind");
    if (FOREIGN.contains(type)) {
      return;
    }
    Class<?> model = TYPES.get(type);
    if (model == null) {
      throw new AssertionError("there is no " + type);
    }
    try {
      JsonElement json = JsonParser.parseString(WRITER.writeValueAsString(object));
      model.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
      if (JSON.getGson().fromJson(json, model) == null) {
        throw new AssertionError(type + " is empty");
      }
    } catch (InvocationTargetException e) {
      throw new AssertionError(type + ": " + e.getCause().getMessage(), e);
    } catch (JsonProcessingException | JsonParseException | ReflectiveOperationException e) {
      throw new AssertionError(type + ": " + e.getMessage(), e);
    }
  }
}
