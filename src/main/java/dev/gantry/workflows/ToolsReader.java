package dev.gantry.workflows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a list of tools, each one by itself, so that a faulty one costs none of the others. */
final class ToolsReader {
  private final List<Fault> faults;
  private final List<DefinitionFile.Tool> tools = new ArrayList<>();

  ToolsReader(List<Fault> faults) {
    this.faults = faults;
  }

  DefinitionFile items(List<Value> items, Place place) {
    for (int i = 0; i < items.size(); i++) {
      item(items.get(i), place.item(i));
    }
    return new DefinitionFile(List.copyOf(tools), Optional.empty(), true, List.copyOf(faults));
  }

  private void item(Value item, Place place) {
    Reading reading = new Reading();
    Field field = new Field(place, item, reading);
    try {
      ToolDefinition tool = ToolReader.read(field);
      String json = ValueJson.write(field);
      reading.faults().throwIfAny();
      tools.add(new DefinitionFile.Tool(tool, json));
    } catch (InvalidDefinitionException faulty) {
      faults.addAll(faulty.faults());
    }
  }
}
