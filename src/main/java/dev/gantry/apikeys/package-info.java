/**
 * API keys as a resource: made, listed and deleted to revoke them, for admins; and issued to
 * runners by the room that registers those, and to steps that call the API. Owns the tables {@code
 * api_keys} and {@code step_tokens} and the routes under {@code /api-keys}; that a request's key is
 * valid is judged in {@code http}. Imports {@code resources} and {@code http}. Start at {@link
 * dev.gantry.apikeys.ApiKeysResource}.
 */
package dev.gantry.apikeys;
