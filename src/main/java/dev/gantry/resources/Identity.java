package dev.gantry.resources;

import dev.gantry.platform.Ids;
import java.util.UUID;

/**
 * Which resource of an organization a caller means. Pure code.
 *
 * @param field the entity's field that tells it from the organization's others
 * @param value null when what was given cannot be such a field's value, and so means no resource
 * @param given as the caller wrote it
 */
public record Identity(UUID organization, String field, Object value, String given) {

  public static Identity byId(UUID organization, String id) {
    return new Identity(organization, "id", Ids.parse("", id).orElse(null), id);
  }

  /** For a resource that is addressed by its name. */
  public static Identity byName(UUID organization, String name) {
    return new Identity(organization, "name", Fields.isLine(name) ? name : null, name);
  }
}
