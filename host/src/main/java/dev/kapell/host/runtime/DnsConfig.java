package dev.kapell.host.runtime;

import java.util.ArrayList;
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

  /** What a {@code resolv.conf} says; of several lines with searches or options the last counts. */
  public static DnsConfig parse(String text) {
    List<String> servers = new ArrayList<>();
    List<String> searches = List.of();
    List<String> options = List.of();
    for (String line : text.lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+", -1));
      List<String> values = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "nameserver" -> values.stream().limit(1).forEach(servers::add);
        case "search" -> searches = values.stream().filter(name -> !name.equals(".")).toList();
        case "options" -> options = values;
        default -> {
          // A comment, or what pods have no use for.
        }
      }
    }
    return new DnsConfig(servers, searches, options);
  }
}
