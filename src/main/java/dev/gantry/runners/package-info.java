/**
 * Which runners there are: those that organizations have registered, those that the installation
 * shares, and by their heartbeats how they are. Owns the tables {@code runners}, {@code
 * runner_names} and {@code runner_instances}, the messages in {@code protocol}, the topic {@code
 * <prefix>.heartbeats}, and the routes under {@code /runners}; tells no events. Who else names a
 * runner asks through {@link dev.gantry.resources.References}. Imports {@code executions}, {@code
 * resources}, {@code http} and {@code messaging}; never {@code runner}, which only knows the
 * messages. Start at {@link dev.gantry.runners.RunnersResource}.
 */
package dev.gantry.runners;
