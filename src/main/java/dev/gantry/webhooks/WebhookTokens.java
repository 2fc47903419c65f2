package dev.gantry.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.http.HookTokens;
import dev.gantry.platform.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The tokens in webhooks' addresses: 256 random bits, of which only the hash is kept. Event loop,
 * never blocks.
 */
@ApplicationScoped
class WebhookTokens implements HookTokens {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final String FIND = "select id from webhooks where token_hash = $1";

  private final Pool pool;

  WebhookTokens(Pool pool) {
    this.pool = pool;
  }

  static String random() {
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  static byte[] hash(String token) {
    return Sha256.of(token.getBytes(UTF_8));
  }

  static boolean isToken(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public Uni<Optional<UUID>> find(String token) {
    if (!isToken(token)) {
      return Uni.createFrom().item(Optional.empty());
    }
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(Buffer.buffer(hash(token))))
        .map(rows -> rows.size() == 0 ? Optional.empty() : id(rows.iterator().next().getUUID(0)));
  }

  private static Optional<UUID> id(UUID id) {
    return Optional.of(id);
  }
}
