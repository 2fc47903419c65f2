/**
 * Gantry as a server of the Model Context Protocol: the tools and workflows of sources as tools
 * that any client of the protocol may list and call. Owns the route {@code /mcp}, and no table or
 * topic: it keeps nothing between two requests, so that any replica answers any of them. A call is
 * an ordinary execution of the caller's. Imports {@code http}, {@code tools} and {@code
 * executions}. Start at {@link dev.gantry.mcp.McpResource}.
 */
package dev.gantry.mcp;
