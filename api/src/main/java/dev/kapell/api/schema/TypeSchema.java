package dev.kapell.api.schema;

import java.util.Map;

/**
 * One type.
 *
 * @param name for instance {@code core.v1.Container}
 * @param kind whether it carries {@code apiVersion} and {@code kind}
 * @param atomic whether server-side apply takes it as one value
 * @param fields by JSON name, in alphabetical order
 */
public record TypeSchema(
    String name, boolean kind, boolean atomic, Map<String, FieldSchema> fields) {}
