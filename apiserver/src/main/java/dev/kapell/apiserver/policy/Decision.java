package dev.kapell.apiserver.policy;

/**
 * A policy's no.
 *
 * @param expression which validation, in order
 * @param message why
 * @param reason for instance {@code Invalid}
 */
record Decision(int expression, String message, String reason) {}
