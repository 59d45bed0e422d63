package dev.kapell.cel.value;

/**
 * A type as a value, as in {@code type(x) == string}.
 *
 * @param name for instance {@code int}
 */
public record TypeName(String name) {}
