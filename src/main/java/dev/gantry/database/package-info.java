/**
 * The database as a whole: its migrations, which lie in {@code db/migration} and belong to the
 * rooms whose tables they make, and its clock, which all processes go by. Imports no other room.
 * Start at {@link dev.gantry.database.Migrations}.
 */
package dev.gantry.database;
