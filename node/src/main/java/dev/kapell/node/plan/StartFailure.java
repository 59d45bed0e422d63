package dev.kapell.node.plan;

import java.time.Instant;

/**
 * A container could not be created, started or resized.
 *
 * @param reason {@code CreateContainerConfigError}, {@code CreateContainerError}, {@code
 *     RunContainerError} or {@code PostStartHookError}; of a resize {@code Error}
 * @param message what a person should read
 * @param failures in a row
 * @param at when it last failed
 */
public record StartFailure(String reason, String message, int failures, Instant at) {}
