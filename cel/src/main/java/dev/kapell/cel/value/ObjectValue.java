package dev.kapell.cel.value;

import java.util.Map;

/**
 * What {@code Object.spec{replicas: 3}} makes: part of an object, for mutations.
 *
 * @param typeName for instance {@code Object.spec}, or {@code JSONPatch}
 * @param fields what was said
 */
public record ObjectValue(String typeName, Map<String, Object> fields) {}
