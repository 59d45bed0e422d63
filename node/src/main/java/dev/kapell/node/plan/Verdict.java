package dev.kapell.node.plan;

/**
 * The node's decision that a pod must not run (on) here: its phase becomes Failed.
 *
 * @param reason for instance {@code Evicted}, {@code UnexpectedAdmissionError}
 * @param message what a person should read
 * @param disruption the reason of a DisruptionTarget condition, or empty for none
 */
public record Verdict(String reason, String message, String disruption) {}
