package dev.kapell.http;

/**
 * A whole answer from an {@link Upstream}.
 *
 * @param status the HTTP status
 * @param headers its headers
 * @param body its body, decoded from chunks
 */
public record Reply(int status, Headers headers, byte[] body) {}
