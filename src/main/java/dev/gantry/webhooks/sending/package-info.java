/**
 * How one message is posted to somebody else's server. Knows nothing of webhooks. Imports {@code
 * network}. Start at {@link dev.gantry.webhooks.sending.PostClient}.
 */
package dev.gantry.webhooks.sending;
