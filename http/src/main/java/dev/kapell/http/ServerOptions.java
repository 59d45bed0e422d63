package dev.kapell.http;

import java.time.Duration;
import java.util.Optional;

/**
 * How a server listens and what it puts up with.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 for any free one
 * @param tls absent for plain HTTP/1.1
 * @param maxBodyBytes the largest request body that {@link Exchange#body} collects
 * @param maxHeaderBytes the largest request head
 * @param maxConnections connections beyond this are closed at once
 * @param maxStreams concurrent HTTP/2 streams of one connection
 * @param headTimeout from the first byte of a request to the end of its head, for the TLS
 *     handshake, and from there to the first request
 * @param bodyTimeout the longest gap between two pieces of a request body; one that is collected
 *     whole may take twice as long, and a client that takes nothing of an answer as well
 * @param idleTimeout how long a connection may wait for its next request
 * @param drain how long {@link HttpServer#close} waits for running exchanges
 * @param eventLoops threads that do the I/O
 * @param gzipFromBytes responses from this size on are compressed for clients that accept it and
 *     are not on this machine
 */
public record ServerOptions(
    String host,
    int port,
    Optional<TlsIdentity> tls,
    int maxBodyBytes,
    int maxHeaderBytes,
    int maxConnections,
    int maxStreams,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration drain,
    int eventLoops,
    int gzipFromBytes) {

  /** The sizes of Kubernetes' own server: 3 MiB bodies, compression from 128 KiB on. */
  public static ServerOptions at(String host, int port) {
    return new ServerOptions(
        host,
        port,
        Optional.empty(),
        3 << 20,
        64 << 10,
        8192,
        1000,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMinutes(3),
        Duration.ofSeconds(5),
        Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8),
        128 << 10);
  }

  /** The same with TLS. */
  public ServerOptions with(TlsIdentity identity) {
    return new ServerOptions(
        host,
        port,
        Optional.of(identity),
        maxBodyBytes,
        maxHeaderBytes,
        maxConnections,
        maxStreams,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        drain,
        eventLoops,
        gzipFromBytes);
  }

  /** The same with another patience for running exchanges at the end. */
  public ServerOptions withDrain(Duration limit) {
    return withTimeouts(headTimeout, bodyTimeout, limit);
  }

  /** The same with another limit on bodies. */
  public ServerOptions withMaxBodyBytes(int bytes) {
    return new ServerOptions(
        host,
        port,
        tls,
        bytes,
        maxHeaderBytes,
        maxConnections,
        maxStreams,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        drain,
        eventLoops,
        gzipFromBytes);
  }

  /** The same with other patience: for heads, for bodies, and for the end. */
  public ServerOptions withTimeouts(Duration head, Duration body, Duration drainLimit) {
    return new ServerOptions(
        host,
        port,
        tls,
        maxBodyBytes,
        maxHeaderBytes,
        maxConnections,
        maxStreams,
        head,
        body,
        idleTimeout,
        drainLimit,
        eventLoops,
        gzipFromBytes);
  }
}
