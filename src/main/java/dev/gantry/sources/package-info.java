/**
 * Where definitions come from: Git repositories over https and ssh, read through JGit without a
 * working tree, a hook or a shell, over connections to checked addresses only, and bounded while
 * they are fetched. Owns no table, topic or route. Imports {@code platform}, {@code http}, {@code
 * network} and {@code workflows}. Start at {@link dev.gantry.sources.WorkflowSource}.
 */
package dev.gantry.sources;
