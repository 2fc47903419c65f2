/**
 * Completes the OpenAPI document while the application is built: what the code says of routes and
 * types, what the files below {@code openapi/} say in words and examples, and what all operations
 * share. Owns those files and no route of its own; {@code /api/v1/openapi} and {@code /api/v1/docs}
 * are the framework's. Imports no other room. Start at {@link dev.gantry.openapi.OpenApiDocument}.
 */
package dev.gantry.openapi;
