/**
 * What all endpoints share: who calls, the error envelope, request ids, paging, idempotency keys,
 * rate limits. Owns the table {@code organizations} and reads {@code api_keys}; imports {@code
 * platform} and its own {@code http.limits} and {@code http.idempotency} only.
 */
package dev.gantry.http;
