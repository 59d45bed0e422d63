package dev.kapell.node.self;

/**
 * How the node is.
 *
 * @param ready pods can be run
 * @param message why not
 */
public record NodeHealth(
    boolean ready,
    String message,
    boolean memoryPressure,
    boolean diskPressure,
    boolean pidPressure) {}
