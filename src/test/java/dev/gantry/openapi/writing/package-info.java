/**
 * Writes the OpenAPI document: what the code says of routes and types, what the files below {@code
 * openapi/} say in words and examples, and what all operations share. Runs while the application is
 * built for the tests, where one compares it with the document that is served. Start at {@link
 * dev.gantry.openapi.writing.OpenApiDocument}.
 */
package dev.gantry.openapi.writing;
