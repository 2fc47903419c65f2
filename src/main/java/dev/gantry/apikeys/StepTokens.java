package dev.gantry.apikeys;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Issues the tokens by which a step calls the API. A token may what the key may that asked for the
 * execution, while that key is there and the attempt under way. Event loop; never blocks.
 */
@ApplicationScoped
public class StepTokens {
  // Those that are over go with the next one: there is no other use for them.
  private static final String ISSUE =
      """
      with expired as (delete from step_tokens where expires_at < now()),
      key as (select id from api_keys where id = $2 for key share)
      insert into step_tokens (token_hash, api_key_id, execution_id, step, attempt, expires_at)
      select $1, key.id, e.id, $4, $5, e.created_at + e.timeout_millis * interval '1 ms' + interval '1 day'
      from key, executions e where e.id = $3
      """;

  private final Pool pool;

  StepTokens(Pool pool) {
    this.pool = pool;
  }

  /**
   * @return the token, which nobody can read again; null when the key is gone
   */
  public Uni<String> issue(UUID key, UUID execution, int step, int attempt) {
    KeyText text = KeyText.forSteps();
    return pool.preparedQuery(ISSUE)
        .execute(Tuple.of(Buffer.buffer(text.hash()), key, execution, step, attempt))
        .map(issued -> issued.rowCount() == 1 ? text.text() : null);
  }
}
