/**
 * What all resources share that callers create, change and delete: identity, version, the change,
 * its audit entry and its event in one transaction, preconditions, checks of fields, pages of
 * lists. Owns the table {@code resource_changes} and no route: a room of a resource brings its
 * entity, its request and its view. Imports {@code platform}, {@code http}, {@code audit}, {@code
 * messaging} and {@code events}. Start at {@link dev.gantry.resources.ResourceStore}.
 */
package dev.gantry.resources;
