package dev.kapell.host.runtime;

/**
 * An SELinux context; empty parts are the runtime's to choose. Without effect where there is none.
 */
public record SeLinux(String user, String role, String type, String level) {}
