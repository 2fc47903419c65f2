/**
 * The database as a whole: its migrations, which lie in {@code db/migration} and belong to the
 * rooms whose tables they make, its clock, which all processes go by, and the pool of connections.
 * Imports no other room. Start at {@link dev.gantry.database.Migrations}.
 */
package dev.gantry.database;
