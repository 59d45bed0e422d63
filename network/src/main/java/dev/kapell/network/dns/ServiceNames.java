package dev.kapell.network.dns;

import java.util.List;
import java.util.Map;

/** What one Service is called and what its names lead to. Addresses are raw, 4 or 16 bytes. */
sealed interface ServiceNames {
  /** A Service with addresses of its own. */
  record Addressed(List<byte[]> addresses, List<Port> ports) implements ServiceNames {
    /** Copies the lists. */
    public Addressed {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }
  }

  /** A Service that is its pods. */
  record Headless(List<Host> hosts) implements ServiceNames {
    /** Copies the list. */
    public Headless {
      hosts = List.copyOf(hosts);
    }
  }

  /** A Service that is another name. */
  record External(String target) implements ServiceNames {}

  /**
   * A port.
   *
   * @param name empty when the only one has none
   * @param protocol {@code tcp}, {@code udp} or {@code sctp}
   * @param number the port
   */
  record Port(String name, String protocol, int number) {}

  /**
   * A pod behind a headless Service.
   *
   * @param label the first label of its own name: its hostname, or its address with dashes
   * @param addresses usually one
   * @param ports the ports that it serves
   */
  record Host(String label, List<byte[]> addresses, List<Port> ports) {
    /** Copies the lists. */
    public Host {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }
  }

  /** A namespace's Services by name. */
  record Namespace(Map<String, ServiceNames> services) {
    /** Copies the map. */
    public Namespace {
      services = Map.copyOf(services);
    }
  }
}
