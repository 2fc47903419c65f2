package dev.gantry.resources;

import dev.gantry.http.Actor;
import dev.gantry.platform.Ids;

/**
 * Which resource of its organization an actor means. Pure code.
 *
 * @param actor who means it, and is told of in the audit trail when it is changed
 * @param field the entity's field that tells it from the organization's others
 * @param value null when what was given cannot be such a field's value, and so means no resource
 * @param given as the caller wrote it
 */
public record Identity(Actor actor, String field, Object value, String given) {

  public static Identity byId(Actor actor, String id) {
    return new Identity(actor, "id", Ids.parse("", id).orElse(null), id);
  }

  /** For a resource that is addressed by its name. */
  public static Identity byName(Actor actor, String name) {
    return new Identity(actor, "name", Fields.isLine(name) ? name : null, name);
  }
}
