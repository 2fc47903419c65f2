/**
 * Who changed what, and when: an entry for each change, in the change's own transaction. Owns the
 * table {@code audit}, into which {@code executions} also writes in its own statement, and the
 * route {@code /audit}, which admins alone may read. Imports {@code http} and {@code platform}; the
 * rooms above add entries through {@link dev.gantry.audit.AuditTrail}.
 */
package dev.gantry.audit;
