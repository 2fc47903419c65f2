/**
 * Answers a runner what the step that it is about to start is granted: the values of its secrets,
 * and what its integrations give. Owns the routes under {@code /runner} and no table; each use of a
 * secret is in the audit log. Imports {@code executions}, {@code integrations}, {@code secrets},
 * {@code apikeys} and {@code http}. Start at {@link dev.gantry.grants.GrantsResource}.
 */
package dev.gantry.grants;
