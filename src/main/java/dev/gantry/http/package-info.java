/**
 * What all endpoints share: who calls, the error envelope, request ids, paging, idempotency keys.
 * Owns the tables {@code organizations} and {@code api_keys}; imports {@code platform} only.
 */
package dev.gantry.http;
