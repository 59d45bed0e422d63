package dev.kapell.apiserver.references;

/**
 * An object that another one names.
 *
 * @param resource for instance {@code secrets}
 * @param namespace empty for cluster-scoped ones
 * @param name its name
 */
public record Reference(String resource, String namespace, String name) {}
