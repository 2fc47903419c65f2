/**
 * Language models behind one small interface, whoever provides them. Knows which models there are
 * and for whom, with what key each is asked, and what an answer costs; knows nothing of agents and
 * conversations. Owns no table, topic or route. Imports {@code secrets}, {@code network}, {@code
 * http} and {@code platform}. Start at {@link dev.gantry.models.Models}.
 */
package dev.gantry.models;
