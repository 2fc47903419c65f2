package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes out of an object what its kind does not have, and says where that was. */
final class UnknownFields {
  private static final Map<JavaType, Map<String, JavaType>> SHAPES = new HashMap<>();

  private final List<String> paths = new ArrayList<>();

  private UnknownFields() {}

  /** Paths as the API server writes them: {@code spec.template.spec.containers[0].imag}. */
  static List<String> removeFrom(ObjectNode object, Class<?> model) {
    UnknownFields unknown = new UnknownFields();
    unknown.visit(object, Json.MAPPER.constructType(model), "");
    return unknown.paths;
  }

  private void visit(JsonNode node, JavaType type, String path) {
    if (node.isArray() && type.isCollectionLikeType()) {
      for (int i = 0; i < node.size(); i++) {
        visit(node.get(i), type.getContentType(), path + "[" + i + "]");
      }
    } else if (node.isObject() && type.isMapLikeType()) {
      node.properties()
          .forEach(f -> visit(f.getValue(), type.getContentType(), path + "." + f.getKey()));
    } else if (node instanceof ObjectNode object && !type.isJavaLangObject()) {
      fields(object, shape(type), path.isEmpty() ? "" : path + ".");
    }
  }

  private void fields(ObjectNode object, Map<String, JavaType> known, String prefix) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (known.containsKey(name)) {
        visit(object.get(name), known.get(name), prefix + name);
      } else {
        object.remove(name);
        paths.add(prefix + name);
      }
    }
  }

  private static synchronized Map<String, JavaType> shape(JavaType type) {
    return SHAPES.computeIfAbsent(type, UnknownFields::introspect);
  }

  private static Map<String, JavaType> introspect(JavaType type) {
    BeanDescription bean = Json.MAPPER.getDeserializationConfig().introspect(type);
    Map<String, JavaType> fields = new HashMap<>();
    bean.findProperties().forEach(p -> fields.put(p.getName(), p.getPrimaryType()));
    return fields;
  }
}
