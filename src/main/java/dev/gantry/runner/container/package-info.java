/**
 * What the backends of containers have in common: where things lie in a step's container, and how a
 * repository gets there. Pure code. Imports {@code executions.protocol}; {@code docker} and {@code
 * kubernetes} import it.
 */
package dev.gantry.runner.container;
