/**
 * Tools and workflows by name: what the scans of sources found. Owns the tables {@code tools} and
 * {@code workflows}, which it writes in a scan's transaction as {@link
 * dev.gantry.sources.Definitions}, and the routes that read them: {@code GET /tools}, {@code GET
 * /workflows} and those for one of them. Reads the scripts that tools have elsewhere. Imports
 * {@code sources}, {@code workflows}, {@code resources}, {@code network} and {@code http}; {@link
 * dev.gantry.tools.NamedDefinitions} joins the table {@code sources}, so that a definition and its
 * commit are read together. Start at {@link dev.gantry.tools.StoredDefinitions}.
 */
package dev.gantry.tools;
