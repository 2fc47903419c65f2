/**
 * Conversations with agents: messages, sessions, and turns as the API shows them. Owns the tables
 * {@code chat_sessions} and {@code chat_messages} and the routes under {@code /chat}; how a turn is
 * done is in {@code chat.turns}. Imports {@code executions}, {@code agents}, {@code models}, {@code
 * network} and {@code retention}. Start at {@link dev.gantry.chat.ChatResource}.
 */
package dev.gantry.chat;
