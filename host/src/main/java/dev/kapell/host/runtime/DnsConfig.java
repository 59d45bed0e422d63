package dev.kapell.host.runtime;

import java.util.List;

/** The lines of {@code /etc/resolv.conf}; all empty: the host's own file is used. */
public record DnsConfig(List<String> servers, List<String> searches, List<String> options) {
  /** Nothing said. */
  public static final DnsConfig NONE = new DnsConfig(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public DnsConfig {
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }
}
