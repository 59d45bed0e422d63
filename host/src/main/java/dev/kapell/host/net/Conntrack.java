package dev.kapell.host.net;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The kernel's table of known connections. Every method throws {@link NetworkFailure}. */
public interface Conntrack {

  /**
   * Forgets connections that match; their next packet is looked at anew.
   *
   * @return how many were forgotten
   */
  int delete(Match match);

  /**
   * Which connections. At least one of the addresses or the port is given.
   *
   * @param protocol {@code tcp}, {@code udp} or {@code sctp}
   * @param originalDestination where the client wanted to go (a Service's address); null: any
   * @param originalPort 0: any
   * @param replySource who answers (an endpoint's address); null: any
   */
  record Match(
      String protocol,
      @Nullable InetAddress originalDestination,
      int originalPort,
      @Nullable InetAddress replySource) {}
}
