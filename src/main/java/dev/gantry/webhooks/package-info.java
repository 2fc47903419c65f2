/**
 * Webhooks: addresses that others post to and so start a workflow or a tool, or say something to an
 * agent, and subscriptions, which are told of events. Owns the tables {@code webhooks} and {@code
 * webhook_*}, the routes under {@code /webhooks}, and {@code POST /hooks/{token}}, the one route
 * that needs no key: its address is as good as one. What comes in is bounded before it is read,
 * judged by its signature where the webhook has a secret, filtered, and handed to {@code
 * executions} as a caller's request would be: start at {@link dev.gantry.webhooks.Trigger}. What
 * goes out is planned from the events that were told, and sent until it is taken: start at {@link
 * dev.gantry.webhooks.Planner} and {@link dev.gantry.webhooks.Sender}. Imports {@code resources},
 * {@code events}, {@code secrets}, {@code network}, {@code tools}, {@code chat} and {@code
 * executions}.
 */
package dev.gantry.webhooks;
