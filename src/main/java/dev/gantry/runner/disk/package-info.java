/**
 * What a backend of one host keeps on that host's disk, in a directory of its own that outlives its
 * processes: {@code segments/} and each execution's directory, with the ledger, the work directory
 * that its steps share, and for every attempt what its program wrote and the journal of what was
 * sent of it. Starts no program: {@code local} and {@code docker} do. Imports {@code runner}. Start
 * at {@link dev.gantry.runner.disk.RunnerDisk}, then {@link dev.gantry.runner.disk.DiskAttempt}.
 */
package dev.gantry.runner.disk;
