/**
 * The backend of host processes: for trying Gantry and for tests. Owns the directory {@code
 * gantry.runner.local.directory}, where every attempt has files that outlive the runner, so that
 * the next one adopts what it left. Imports {@code runner}. Start at {@link
 * dev.gantry.runner.local.LocalBackend}.
 */
package dev.gantry.runner.local;
