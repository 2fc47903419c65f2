/**
 * Queues: how many executions of a workflow, a runner, an organization or a name of one's own may
 * be under way at once. Owns the table {@code queues} and the routes under {@code /queues}; tells
 * no events. A place in a queue is an execution that lives, which {@code executions} counts; this
 * room only sets the limits. Imports {@code executions} and {@code resources}. Start at {@link
 * dev.gantry.queues.QueuesResource}.
 */
package dev.gantry.queues;
