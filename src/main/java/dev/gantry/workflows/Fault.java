package dev.gantry.workflows;

/**
 * One thing that is wrong with a definition.
 *
 * @param place the path to it, as {@code steps[2].depends}; {@code $} for the whole document
 * @param line in the YAML text, from 1; 0 when the definition did not come as text
 * @param column from 1; 0 like {@code line}
 */
public record Fault(String place, String message, int line, int column) {}
