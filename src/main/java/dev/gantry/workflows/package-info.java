/**
 * The definition format: read a workflow, tell every fault with its place, resolve its
 * dependencies, substitute variables. Pure code without framework, I/O or clock; imports {@code
 * platform} only. Start at {@code WorkflowParser}: a text becomes {@code Value}s ({@code
 * YamlReader}, {@code JsonReader}), which hold the limits; the readers ({@code WorkflowReader},
 * {@code StepReader} …) turn these into the definition through {@code Fields}, where keys are
 * checked; {@code Dependencies} turns names into indexes. {@code docs/workflow-format.md} says the
 * same for users: change both together.
 */
package dev.gantry.workflows;
