/**
 * Webhooks: addresses that others post to and so start a workflow or a tool, and subscriptions,
 * which are to be told of events. Owns the table {@code webhooks}, the routes under {@code
 * /webhooks}, and {@code POST /hooks/{token}}, the one route that needs no key: its address is as
 * good as one. What comes in is bounded before it is read, judged by its signature where the
 * webhook has a secret, filtered, and handed to {@code executions} as a caller's request would be.
 * Imports {@code resources}, {@code secrets}, {@code network}, {@code tools} and {@code
 * executions}. Start at {@link dev.gantry.webhooks.Trigger}.
 */
package dev.gantry.webhooks;
