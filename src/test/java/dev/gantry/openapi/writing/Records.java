package dev.gantry.openapi.writing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jboss.jandex.Type;

/** What the records of the application tell of the JSON that they become. Pure code. */
final class Records {
  private static final DotName INCLUDE = DotName.createSimple(JsonInclude.class);
  private static final DotName SCHEMA = DotName.createSimple(Schema.class);
  private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE_CASE =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  private final Map<String, ClassInfo> bySchema = new HashMap<>();

  /** A name that is said wins over one that a record merely has. */
  Records(IndexView index) {
    for (ClassInfo type : index.getKnownClasses()) {
      if (type.isRecord() && type.name().toString().startsWith("dev.gantry.")) {
        Optional<String> said = said(type);
        said.ifPresentOrElse(
            name -> bySchema.put(name, type), () -> bySchema.putIfAbsent(type.simpleName(), type));
      }
    }
  }

  private static Optional<String> said(ClassInfo type) {
    return Optional.ofNullable(type.declaredAnnotation(SCHEMA))
        .map(schema -> schema.value("name"))
        .map(AnnotationValue::asString);
  }

  /** Fields that Jackson never leaves out; empty for a schema that is no record's. */
  List<String> alwaysThere(String schema) {
    ClassInfo type = bySchema.get(schema);
    if (type == null) {
      return List.of();
    }
    boolean leavesOut = type.hasDeclaredAnnotation(INCLUDE);
    return type.recordComponents().stream()
        .filter(field -> isPrimitive(field) || !(leavesOut || leavesOut(type, field)))
        .map(field -> SNAKE_CASE.translate(field.name()))
        .toList();
  }

  private static boolean isPrimitive(RecordComponentInfo field) {
    return field.type().kind() == Type.Kind.PRIMITIVE;
  }

  /** The annotation is none of components, and so the compiler keeps it with the field. */
  private static boolean leavesOut(ClassInfo type, RecordComponentInfo field) {
    return type.field(field.name()).hasAnnotation(INCLUDE);
  }
}
