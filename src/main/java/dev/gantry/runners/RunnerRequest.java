package dev.gantry.runners;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a registration and of an update. A field that is absent, or null, keeps what there
 * is; an empty description or configuration takes it away.
 */
record RunnerRequest(
    @Schema(pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$") String name,
    @Schema(enumeration = {"kubernetes", "docker", "local"}) String type,
    String description,
    ObjectNode configuration) {
  private static final int MAX_DESCRIPTION_BYTES = 4 << 10;
  private static final String FIXED = "cannot be changed; delete the runner and register another";

  /** So that it is part of a topic's name and, behind a prefix, names Kubernetes' objects. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

  /** Fails with all that is wrong with the body of a registration. */
  static void checkNew(RunnerRequest body) {
    required(body);
    Fields fields = new Fields();
    fields
        .required("name", body.name)
        .required("type", body.type)
        .oneOf("type", body.type, RunnerType.NAMES);
    if (body.name != null && !NAME.matcher(body.name).matches()) {
      fields.fault(
          "name",
          "must have 1 to 40 lower-case letters, digits and -, with a letter or digit at each end");
    }
    if (RunnerType.NAMES.contains(body.type)) {
      body.checkConfiguration(RunnerType.of(body.type), fields);
    }
    body.checkDescription(fields).check();
  }

  /** Fails with all that is wrong with the body of an update of this runner. */
  void checkFor(Runner runner) {
    Fields fields = new Fields();
    if (name != null && !name.equals(runner.name)) {
      fields.fault("name", FIXED);
    }
    if (type != null && !type.equals(runner.type)) {
      fields.fault("type", FIXED);
    }
    checkConfiguration(RunnerType.of(runner.type), fields);
    checkDescription(fields).check();
  }

  static void required(RunnerRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
  }

  private void checkConfiguration(RunnerType of, Fields fields) {
    if (configuration != null) {
      new ConfigurationChecks(fields).check(of, configuration);
    }
  }

  private Fields checkDescription(Fields fields) {
    return fields.text("description", description, MAX_DESCRIPTION_BYTES);
  }

  void applyTo(Runner runner) {
    if (description != null) {
      runner.description = description;
    }
    if (configuration != null) {
      runner.configuration = configuration;
    }
  }
}
