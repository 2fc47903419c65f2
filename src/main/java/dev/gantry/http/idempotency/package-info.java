/**
 * The answers that belong to idempotency keys: a key is reserved before the work, and its answer is
 * stored with the work or after it. Owns the table {@code idempotency_keys}, into which {@code
 * executions} also writes, and no route; imports {@code platform} only. Start at {@link
 * dev.gantry.http.idempotency.AnswerStore}.
 */
package dev.gantry.http.idempotency;
