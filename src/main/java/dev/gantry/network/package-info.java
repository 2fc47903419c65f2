/**
 * Which addresses this server connects to on a caller's behalf: what a caller names must not lead
 * to the server's own machine, network or cloud. Owns no table, topic or route and imports no other
 * room. Whoever opens a connection to what a caller has named asks {@link
 * dev.gantry.network.AddressPolicy} and connects to the very address that it has answered; for HTTP
 * clients that block {@link dev.gantry.network.CheckedConnections} does that, for others {@link
 * dev.gantry.network.CheckedHttp}.
 */
package dev.gantry.network;
