/**
 * Agents: named sets of sources, secrets, variables and instructions, which chats and webhooks run
 * with. Owns the table {@code agents}, the routes under {@code /agents} and the events {@code
 * agent.*}. Imports {@code resources}, {@code http} and {@code messaging}; other rooms read agents
 * through {@link dev.gantry.agents.AgentProfiles}. Start at {@link
 * dev.gantry.agents.AgentsResource}.
 */
package dev.gantry.agents;
