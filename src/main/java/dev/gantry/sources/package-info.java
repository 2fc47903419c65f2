/**
 * Where definitions come from: Git repositories, read through JGit without a working tree, a hook
 * or a shell. Imports {@code platform}, {@code http} and {@code workflows}. Start at {@link
 * dev.gantry.sources.WorkflowSource}.
 */
package dev.gantry.sources;
