package dev.gantry.runner.kubernetes.cluster;

import dev.gantry.runner.kubernetes.cluster.ApiException.FieldError;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How names, labels and annotations are written. */
final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern QUALIFIED =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern DATA_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
  private static final int ANNOTATIONS = 256 << 10;

  private Names() {}

  static boolean isLabel(String name) {
    return name.length() <= 63 && LABEL.matcher(name).matches();
  }

  static boolean isSubdomain(String name) {
    return name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
  }

  static boolean isDataKey(String key) {
    return key.length() <= 253
        && DATA_KEY.matcher(key).matches()
        && !key.equals(".")
        && !key.startsWith("..");
  }

  static void label(String name, String field, List<FieldError> errors) {
    if (name == null || name.isEmpty()) {
      errors.add(FieldError.required(field, ""));
    } else if (!isLabel(name)) {
      errors.add(
          FieldError.invalid(
              field,
              name,
              "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                  + " '-', must start and end with an alphanumeric character and be no more than 63"
                  + " characters"));
    }
  }

  static void labels(Map<String, String> labels, String field, List<FieldError> errors) {
    if (labels == null) {
      return;
    }
    labels.forEach(
        (key, value) -> {
          qualified(key, field, errors);
          boolean fits =
              value != null
                  && value.length() <= 63
                  && (value.isEmpty() || QUALIFIED.matcher(value).matches());
          if (!fits) {
            errors.add(
                FieldError.invalid(
                    field,
                    value,
                    "a valid label must be an empty string or consist of alphanumeric characters,"
                        + " '-', '_' or '.', must start and end with an alphanumeric character and"
                        + " be no more than 63 characters"));
          }
        });
  }

  static void annotations(Map<String, String> annotations, String field, List<FieldError> errors) {
    if (annotations == null) {
      return;
    }
    annotations
        .keySet()
        .forEach(key -> qualified(key.toLowerCase(java.util.Locale.ROOT), field, errors));
    long size =
        annotations.entrySet().stream()
            .mapToLong(e -> Sizes.utf8(e.getKey()) + Sizes.utf8(e.getValue()))
            .sum();
    if (size > ANNOTATIONS) {
      errors.add(FieldError.tooLong(field, ANNOTATIONS));
    }
  }

  private static void qualified(String key, String field, List<FieldError> errors) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    boolean prefixFits = slash < 0 || isSubdomain(key.substring(0, slash));
    if (!prefixFits || name.length() > 63 || !QUALIFIED.matcher(name).matches()) {
      errors.add(
          FieldError.invalid(
              field,
              key,
              "name part must consist of alphanumeric characters, '-', '_' or '.', must start and"
                  + " end with an alphanumeric character and be no more than 63 characters, and a"
                  + " prefix must be a DNS subdomain"));
    }
  }
}
