package dev.gantry.http;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.UUID;

/**
 * Knows the tokens in the addresses of hooks; a bean of the room that owns them. Event loop, never
 * blocks, answers on the caller's context.
 */
public interface HookTokens {
  /** Whose token it is, or empty for one that nobody has. */
  Uni<Optional<UUID>> find(String token);
}
