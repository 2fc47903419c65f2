/**
 * Ids, durations, times, waits between tries, names of log keys: small and without a framework;
 * imports no other room.
 */
package dev.gantry.platform;
