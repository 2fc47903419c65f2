package dev.gantry.runner.kubernetes;

import dev.gantry.runner.kubernetes.Texts.Text;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Environments of containers. Values stand in the Job up to a size; what is granted, and the rest,
 * in the attachment.
 */
final class Variables {
  /** What the Job has of them; one object of Kubernetes may have 1.5 MiB in all. */
  private static final int IN_JOB = 128 << 10;

  private final Attachment attachment;
  private int inJob;

  Variables(Attachment attachment) {
    this.attachment = attachment;
  }

  /**
   * @param prefix of their keys in the attachment
   */
  List<EnvVar> of(String prefix, Map<String, Text> environment) {
    List<EnvVar> variables = new ArrayList<>();
    environment.forEach((name, text) -> variables.add(variable(prefix, name, text)));
    return variables;
  }

  private EnvVar variable(String prefix, String name, Text text) {
    int size = name.length() + text.value().getBytes(StandardCharsets.UTF_8).length;
    if (text.granted() || inJob + size > IN_JOB) {
      String key = attachment.add(prefix + name, text);
      return new EnvVarBuilder().withName(name).withValueFrom(attachment.variable(key)).build();
    }
    inJob += size;
    return new EnvVarBuilder().withName(name).withValue(escaped(text.value())).build();
  }

  /** Kubernetes puts variables in where {@code $(NAME)} stands, in values and in arguments. */
  static String escaped(String text) {
    return text.replace("$", "$$");
  }

  /** The words of a command, as they are. */
  static List<String> escaped(List<String> words) {
    return words.stream().map(Variables::escaped).toList();
  }
}
