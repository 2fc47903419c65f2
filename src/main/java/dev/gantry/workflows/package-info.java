/**
 * The definition format: read a workflow, tell every fault with its place, resolve its
 * dependencies, substitute variables. Pure code without framework, I/O or clock; imports {@code
 * platform} only. Start at {@code WorkflowParser}.
 */
package dev.gantry.workflows;
