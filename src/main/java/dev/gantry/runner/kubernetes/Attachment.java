package dev.gantry.runner.kubernetes;

import dev.gantry.runner.kubernetes.Texts.Text;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The one object besides the Job: it has what is too much for the Job, and what not everybody may
 * see who may read Jobs. A Secret for a step that is granted anything, else a ConfigMap, so that
 * there is one more write at the most. Not for several threads.
 */
final class Attachment {
  /** What Kubernetes takes in one of them, in bytes. */
  static final int MOST = 1 << 20;

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,253}");

  private final String name;
  private final boolean secret;
  private final Map<String, String> contents = new LinkedHashMap<>();
  private int size;

  Attachment(String name, boolean secret) {
    this.name = name;
    this.secret = secret;
  }

  /**
   * Adds a content and answers its key.
   *
   * @param wanted the key, where it may be one and is not taken
   * @throws IllegalArgumentException when it gets too large
   */
  String add(String wanted, Text text) {
    if (text.granted() && !secret) {
      throw new IllegalStateException("what a step is granted belongs into a Secret");
    }
    size += text.value().getBytes(StandardCharsets.UTF_8).length;
    if (size > MOST) {
      throw new IllegalArgumentException(
          "the step's script, files and variables are too large: Kubernetes takes "
              + MOST
              + " bytes beside a Job");
    }
    boolean free = KEY.matcher(wanted).matches() && !contents.containsKey(wanted);
    String key = free ? wanted : "more-" + contents.size();
    contents.put(key, text.value());
    return key;
  }

  /** A variable with the content of a key. */
  EnvVarSource variable(String key) {
    EnvVarSourceBuilder source = new EnvVarSourceBuilder();
    return secret
        ? source.withNewSecretKeyRef(key, name, null).build()
        : source.withNewConfigMapKeyRef(key, name, null).build();
  }

  /** A volume with the contents of these keys as files. */
  Volume volume(String volume, List<KeyToPath> items, int mode) {
    VolumeBuilder builder = new VolumeBuilder().withName(volume);
    return secret
        ? builder
            .withNewSecret()
            .withSecretName(name)
            .withItems(items)
            .withDefaultMode(mode)
            .endSecret()
            .build()
        : builder
            .withNewConfigMap()
            .withName(name)
            .withItems(items)
            .withDefaultMode(mode)
            .endConfigMap()
            .build();
  }

  /** The object itself; none when nothing was added. */
  List<HasMetadata> objects(ObjectMeta metadata) {
    if (contents.isEmpty()) {
      return List.of();
    }
    if (!secret) {
      return List.of(
          new ConfigMapBuilder()
              .withMetadata(metadata)
              .withImmutable(true)
              .withData(contents)
              .build());
    }
    Map<String, String> encoded = new LinkedHashMap<>();
    contents.forEach((key, content) -> encoded.put(key, base64(content)));
    return List.of(
        new SecretBuilder()
            .withMetadata(metadata)
            .withImmutable(true)
            .withType("Opaque")
            .withData(encoded)
            .build());
  }

  private static String base64(String content) {
    return Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
  }
}
