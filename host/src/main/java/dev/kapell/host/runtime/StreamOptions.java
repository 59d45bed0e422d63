package dev.kapell.host.runtime;

/** Which streams an exec or attach session carries. With a terminal, stderr comes on stdout. */
public record StreamOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
