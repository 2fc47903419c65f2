package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code params}: a map of defaults, or a list of declarations. */
final class ParamsReader {
  static final Keys KEYS = Keys.of("name", "type", "description", "required", "default");

  private final List<Parameter> params = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private ParamsReader() {}

  static List<Parameter> read(Field field) {
    return field == null ? List.of() : new ParamsReader().all(field);
  }

  private List<Parameter> all(Field field) {
    if (field.value() instanceof Value.Mapping map) {
      map.entries().forEach((name, entry) -> ofMap(field, name, entry.value()));
    } else if (field.value() instanceof Value.Sequence) {
      field.items().forEach(this::ofList);
    } else {
      field.fault("must be a map of defaults or a list, not " + field.value().kind());
    }
    return List.copyOf(params);
  }

  private void ofMap(Field map, String name, Value value) {
    Field field = new Field(map.place().key(name), value, map.reading());
    if (!Names.isVariable(name)) {
      field.fault(Names.faultOfVariable(name));
    }
    String text = value instanceof Value.Nothing ? "" : field.text();
    params.add(new Parameter(name, ValueType.STRING.shown(), null, false, text));
  }

  private void ofList(Field item) {
    Fields fields = Fields.of(item, KEYS);
    String name = VariableDeclaration.name(fields, names);
    ValueType type = VariableDeclaration.type(fields);
    params.add(
        new Parameter(
            name,
            type.shown(),
            fields.text("description"),
            fields.flag("required"),
            VariableDeclaration.value(fields, type)));
  }
}
