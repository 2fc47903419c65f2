package dev.gantry.resources;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * Knows the resources of one kind that others refer to; a bean of the room that owns the kind.
 * Event loop, never blocks, answers on the caller's context.
 */
public interface References {
  /** In the singular, as in {@code "no source 'x'"}. */
  String kind();

  /** What is added to {@code "no source 'x'"}: where to look for what there is. */
  default String hint() {
    return "";
  }

  /** Those of {@code named} that the organization does not have. */
  Uni<Set<String>> missing(UUID organization, Collection<String> named);
}
