package dev.gantry.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as a Markdown table for people and as JSON for programs. */
record Report(List<Result> results) {
  /** The table below {@code about}, which says where and when the results were found. */
  String markdown(Map<String, Object> about) {
    StringBuilder table = new StringBuilder();
    about.forEach((name, value) -> about(table, name, value));
    table.append('\n');
    table.append("| figure | what | measure | median | runs | to reach | reached |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (Result result : results) {
      if (result.failure() != null) {
        row(
            table,
            result.figure(),
            "**wrong: " + result.failure().lines().findFirst().orElse("") + "**",
            "–",
            "–",
            "–",
            "no");
      } else {
        result.figure().measures().forEach(measure -> row(table, result, measure));
      }
    }
    return table.toString();
  }

  private static void about(StringBuilder table, String name, Object value) {
    if (value instanceof Map<?, ?> inner) {
      inner.forEach((key, text) -> about(table, key.toString(), text));
    } else {
      table.append("- ").append(name).append(": ").append(value).append('\n');
    }
  }

  private static void row(StringBuilder table, Result result, Measure measure) {
    double median = result.median(measure);
    row(
        table,
        result.figure(),
        measure.name(),
        Measure.format(median) + " " + measure.unit(),
        result.values(measure).stream().map(Measure::format).collect(Collectors.joining("; ")),
        measure.bound(),
        measure.reach() == null ? "–" : measure.reach().isKeptBy(median) ? "yes" : "no");
  }

  private static void row(StringBuilder table, Figure figure, String... cells) {
    table.append("| ").append(figure.id()).append(" | ").append(figure.what()).append(" | ");
    table.append(String.join(" | ", cells)).append(" |\n");
  }

  /** Writes the results with {@code about} before them. */
  void write(Path file, Map<String, Object> about) throws IOException {
    ObjectNode root = Api.JSON.valueToTree(about);
    ArrayNode figures = root.putArray("figures");
    for (Result result : results) {
      ObjectNode figure = figures.addObject();
      figure.put("id", result.figure().id()).put("what", result.figure().what());
      if (result.failure() != null) {
        figure.put("failure", result.failure());
      } else {
        ArrayNode measures = figure.putArray("measures");
        result.figure().measures().forEach(measure -> json(measures.addObject(), result, measure));
      }
    }
    Api.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }

  private static void json(ObjectNode node, Result result, Measure measure) {
    double median = result.median(measure);
    node.put("name", measure.name()).put("unit", measure.unit()).put("median", median);
    ArrayNode runs = node.putArray("runs");
    result.values(measure).forEach(runs::add);
    if (measure.reach() != null) {
      node.put(measure.reach().atMost() ? "at_most" : "at_least", measure.reach().bound());
      node.put("reached", measure.reach().isKeptBy(median));
    }
  }
}
