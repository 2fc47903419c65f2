/**
 * Mails about executions that have ended: reads what the engine wants written, and sends it through
 * the installation's mail server or the one that the workflow names. Owns the topic {@code mails}
 * and no table. Imports {@code executions}, {@code secrets}, {@code network} and {@code messaging}.
 * Start at {@link dev.gantry.mails.MailConsumer}.
 */
package dev.gantry.mails;
