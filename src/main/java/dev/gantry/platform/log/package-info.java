/**
 * How the server's own log is written: an event is one line, and a failure's trace behind it has no
 * line that it did not begin itself. Owns no table, topic or route; imports no other room. Start at
 * {@link dev.gantry.platform.log.PlainLogLines}.
 */
package dev.gantry.platform.log;
