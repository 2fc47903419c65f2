/**
 * Where definitions come from: Git repositories over https and ssh, read through JGit without a
 * working tree, a hook or a shell, over connections to checked addresses only, and bounded while
 * they are fetched; and sources that hold their definitions themselves. Owns the tables {@code
 * sources} and {@code source_scans}, the routes under {@code /sources} and the events {@code
 * source.*}; the room above keeps what a scan finds, through {@link
 * dev.gantry.sources.Definitions}. Imports {@code platform}, {@code http}, {@code network}, {@code
 * messaging}, {@code events}, {@code resources}, {@code secrets}, {@code integrations} and {@code
 * workflows}. Start at {@link dev.gantry.sources.SourceScanner}, or for a workflow that is read
 * where it lies at {@link dev.gantry.sources.WorkflowSource}.
 */
package dev.gantry.sources;
