/**
 * The life of a turn: a transcript that only grows, and who goes on with it. Owns the tables {@code
 * chat_turns}, {@code chat_entries} and {@code chat_decisions}, and adds to {@code chat_messages}.
 * {@link dev.gantry.chat.turns.Turns} finds turns that have something to do and takes them by a
 * lease; {@link dev.gantry.chat.turns.Drive} does it: asks the model, calls tools, waits. What is
 * stored is never asked or run again. Imports {@code executions}, {@code agents}, {@code tools},
 * {@code models}, {@code logs}, {@code secrets} and {@code runner.masking}.
 */
package dev.gantry.chat.turns;
