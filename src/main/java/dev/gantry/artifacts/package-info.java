/**
 * The files that steps keep: taken from runners while a step is in their hands, shown and given to
 * callers, and given back to runners for the steps behind. Small ones lie in the database, in
 * pieces, the others in an S3-compatible store that runners write to and read from by addresses
 * signed here. Owns the tables {@code artifacts} and {@code artifact_pieces}, which go with their
 * executions' partitions. Imports {@code executions}, {@code retention}, {@code http}, {@code
 * database} and {@code platform}. Start at {@link dev.gantry.artifacts.RunnerArtifactsResource}.
 */
package dev.gantry.artifacts;
