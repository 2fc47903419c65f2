/**
 * The backend of host processes: for trying Gantry and for tests. Owns the directory {@code
 * gantry.runner.local.directory}, a {@code runner.disk}, where every attempt has files that outlive
 * the runner, so that the next one adopts what it left. Imports {@code runner} and {@code
 * runner.disk}. Start at {@link dev.gantry.runner.local.LocalBackend}.
 */
package dev.gantry.runner.local;
