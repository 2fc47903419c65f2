/**
 * Mails about executions that have ended: reads what the engine wants written, and sends it through
 * the installation's mail server or the one that the workflow names, with logs where the workflow
 * wants that. Owns the topic {@code mails} and no table. Imports {@code executions}, {@code logs}
 * (through {@code StepLogs}), {@code secrets}, {@code network}, {@code messaging} and {@code
 * database}. Start at {@link dev.gantry.mails.MailConsumer}.
 */
package dev.gantry.mails;
