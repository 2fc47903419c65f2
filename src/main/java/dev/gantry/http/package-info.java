/**
 * What all endpoints share: who calls, the error envelope, request ids, paging, idempotency keys.
 * Owns the table {@code organizations} and reads {@code api_keys}; imports {@code platform} only.
 */
package dev.gantry.http;
