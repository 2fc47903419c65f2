/**
 * Ids, durations, times, names of log keys: small and without a framework; imports no other room.
 */
package dev.gantry.platform;
