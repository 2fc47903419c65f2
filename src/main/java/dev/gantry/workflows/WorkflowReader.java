package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the top level of a workflow. */
final class WorkflowReader {
  static final int MOST_STEPS = 10_000;

  /** More is written in definitions, and as good as no limit: 64 KiB are kept in any case. */
  private static final int LARGEST_OUTPUT = Integer.MAX_VALUE;

  static final Keys KEYS =
      Keys.of(
          "name",
          "description",
          "tags",
          "group",
          "type",
          "runner",
          "params",
          "env",
          "secrets",
          "timeout",
          "timeoutSec",
          "delaySec",
          "maxCleanUpTimeSec",
          "maxActiveSteps",
          "maxActiveRuns",
          "queue",
          "schedule",
          "skipIfSuccessful",
          "maxOutputSize",
          "files",
          "dotenv",
          "preconditions",
          "handlerOn",
          "mailOn",
          "smtp",
          "errorMail",
          "infoMail",
          "steps");

  static final Keys HANDLER_ON = Keys.of("success", "failure", "cancel", "exit");

  /** How long a handler may take, unless the definition says so. */
  private static final Duration CLEAN_UP = Duration.ofMinutes(1);

  private final Fields fields;

  private WorkflowReader(Fields fields) {
    this.fields = fields;
  }

  /** The workflow; of no use when the reading has faults, null when its outline is missing. */
  static WorkflowDefinition read(Field document) {
    return new WorkflowReader(Fields.of(document, KEYS)).workflow();
  }

  private WorkflowDefinition workflow() {
    String name = fields.requiredName("name");
    fields.text("group"); // group and tags are for people: only their shape matters
    fields.texts("tags");
    Duration timeout = fields.duration(fields.oneOf("timeout", "timeoutSec"));
    List<WorkflowDefinition.Parameter> params = ParamsReader.read(fields.get("params"));
    Map<String, String> env = EnvReader.read(fields.get("env"));
    return new WorkflowDefinition(
        name,
        fields.text("description"),
        fields.nonBlank("runner"),
        params,
        env,
        new Grants(EnvReader.readSecrets(fields.get("secrets")), List.of()),
        timeout,
        fields.duration("delaySec"),
        fields.has("maxOutputSize") ? fields.get("maxOutputSize").integer(1, LARGEST_OUTPUT) : 0,
        files(),
        concurrency(),
        ScheduleReader.read(fields.get("schedule")),
        PreconditionReader.read(fields.get("preconditions")),
        steps(isChain()),
        MailReader.read(fields),
        null);
  }

  private WorkflowDefinition.Concurrency concurrency() {
    return new WorkflowDefinition.Concurrency(
        count("maxActiveSteps"), count("maxActiveRuns"), queue(), fields.flag("skipIfSuccessful"));
  }

  private WorkflowDefinition.Files files() {
    Map<String, String> contents = new LinkedHashMap<>();
    if (fields.has("files")) {
      Field files = fields.get("files");
      if (files.value() instanceof Value.Mapping map) {
        map.entries().forEach((path, entry) -> file(files, path, entry, contents));
      } else {
        files.fault("must be a map of paths to contents, not " + files.value().kind());
      }
    }
    fields.texts("dotenv").forEach(path -> fields.get("dotenv").leadsIntoTheWorkDirectory(path));
    return new WorkflowDefinition.Files(contents, fields.texts("dotenv"));
  }

  private static void file(
      Field files, String path, Value.Entry entry, Map<String, String> contents) {
    Field content = new Field(files.place().key(path), entry.value(), files.reading());
    content.leadsIntoTheWorkDirectory(path);
    String text = entry.value() instanceof Value.Nothing ? "" : content.text();
    if (text != null) {
      contents.put(path, text);
    }
  }

  private int count(String key) {
    return fields.has(key) ? fields.get(key).integer(0, MOST_STEPS) : 0;
  }

  private String queue() {
    String queue = fields.nonBlank("queue");
    if (queue != null && !QueueName.isOwn(queue)) {
      fields.fault("queue", QueueName.RULE);
    }
    return queue;
  }

  private boolean isChain() {
    String type = fields.text("type");
    if (type == null || "chain".equals(type)) {
      return true;
    }
    if (!"graph".equals(type)) {
      fields.fault("type", "must be chain or graph, not " + Quoted.quote(type));
    }
    return false;
  }

  private List<WorkflowDefinition.Step> steps(boolean chain) {
    if (!fields.has("steps")) {
      fields.missing("steps");
      return List.of();
    }
    List<Field> items = fields.get("steps").items();
    if (items.size() > MOST_STEPS) {
      fields.fault("steps", "more than " + MOST_STEPS + " steps: " + items.size());
      return List.of();
    }
    if (items.isEmpty() && fields.get("steps").value() instanceof Value.Sequence) {
      fields.fault("steps", "holds no step");
    }
    List<StepDraft> drafts = new ArrayList<>();
    items.forEach(item -> drafts.add(StepReader.read(item)));
    drafts.addAll(handlers());
    return new Dependencies(drafts, chain).steps();
  }

  private List<StepDraft> handlers() {
    Duration longest = fields.duration("maxCleanUpTimeSec");
    List<StepDraft> drafts = new ArrayList<>();
    if (fields.has("handlerOn")) {
      Fields ends = Fields.of(fields.get("handlerOn"), HANDLER_ON);
      for (End end : End.values()) {
        Field handler = ends.get(end.name().toLowerCase(Locale.ROOT));
        if (handler != null) {
          drafts.add(StepReader.handler(handler, end, longest.isZero() ? CLEAN_UP : longest));
        }
      }
    }
    return drafts;
  }
}
