package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container's environment, and the references to it in command and arguments. */
final class Environment {
  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$|\\(([^)]+)\\))");

  private final Pod pod;
  private final KeyValues values;
  private final Map<String, String> variables = new LinkedHashMap<>();

  private Environment(Pod pod, KeyValues values) {
    this.pod = pod;
    this.values = values;
  }

  /** What the runtime sets comes first, and may be set otherwise. */
  static Map<String, String> of(Pod pod, Container container, long uid, KeyValues values)
      throws NotReadyException {
    Environment environment = new Environment(pod, values);
    environment.variables.put(
        "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.variables.put("HOSTNAME", pod.getMetadata().getName());
    environment.variables.put("HOME", uid == 0 ? "/root" : "/");
    for (EnvFromSource source : container.getEnvFrom()) {
      environment.add(source);
    }
    for (EnvVar variable : container.getEnv()) {
      environment.add(variable);
    }
    return environment.variables;
  }

  /** {@code $(NAME)} of a variable that there is becomes its value, {@code $$} a dollar. */
  static String expand(String text, Map<String, String> variables) {
    Matcher matcher = REFERENCE.matcher(text);
    return matcher.replaceAll(
        match -> {
          String name = match.group(2);
          String value = name == null ? "$" : variables.getOrDefault(name, match.group());
          return Matcher.quoteReplacement(value);
        });
  }

  static List<String> expand(List<String> texts, Map<String, String> variables) {
    return texts.stream().map(text -> expand(text, variables)).toList();
  }

  private void add(EnvFromSource source) throws NotReadyException {
    String prefix = source.getPrefix() == null ? "" : source.getPrefix();
    Optional<Map<String, byte[]>> found;
    boolean optional;
    String missing;
    if (source.getSecretRef() != null) {
      found = values.secret(source.getSecretRef().getName());
      optional = Boolean.TRUE.equals(source.getSecretRef().getOptional());
      missing = "secret \"" + source.getSecretRef().getName() + "\" not found";
    } else {
      found = values.configMap(source.getConfigMapRef().getName());
      optional = Boolean.TRUE.equals(source.getConfigMapRef().getOptional());
      missing = "configmap \"" + source.getConfigMapRef().getName() + "\" not found";
    }
    if (found.isEmpty() && !optional) {
      throw new NotReadyException("CreateContainerConfigError", missing);
    }
    found.ifPresent(all -> all.forEach((key, value) -> variables.put(prefix + key, text(value))));
  }

  private void add(EnvVar variable) throws NotReadyException {
    EnvVarSource from = variable.getValueFrom();
    if (from == null) {
      String value = variable.getValue() == null ? "" : variable.getValue();
      variables.put(variable.getName(), expand(value, variables));
    } else if (from.getFieldRef() != null) {
      variables.put(variable.getName(), FieldRefs.value(pod, from.getFieldRef().getFieldPath()));
    } else if (from.getSecretKeyRef() != null) {
      var ref = from.getSecretKeyRef();
      put(
          variable,
          values.secret(ref.getName()),
          "secret",
          ref.getName(),
          ref.getKey(),
          Boolean.TRUE.equals(ref.getOptional()));
    } else if (from.getConfigMapKeyRef() != null) {
      var ref = from.getConfigMapKeyRef();
      put(
          variable,
          values.configMap(ref.getName()),
          "configmap",
          ref.getName(),
          ref.getKey(),
          Boolean.TRUE.equals(ref.getOptional()));
    } else {
      throw new NotReadyException(
          "CreateContainerConfigError", "the test's cluster does not do resourceFieldRef");
    }
  }

  private void put(
      EnvVar variable,
      Optional<Map<String, byte[]>> found,
      String kind,
      String name,
      String key,
      boolean optional)
      throws NotReadyException {
    byte[] value = found.map(all -> all.get(key)).orElse(null);
    if (value != null) {
      variables.put(variable.getName(), text(value));
    } else if (!optional) {
      throw new NotReadyException(
          "CreateContainerConfigError",
          found.isEmpty()
              ? kind + " \"" + name + "\" not found"
              : "couldn't find key " + key + " in " + kind + " " + name);
    }
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
