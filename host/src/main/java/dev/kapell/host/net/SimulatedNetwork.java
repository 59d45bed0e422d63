package dev.kapell.host.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network in memory: links, addresses, routes, neighbours and sysctls behave as the real ones;
 * packet rules are kept as the scripts that were applied, not understood. Thread-safe.
 */
public final class SimulatedNetwork {
  private final Map<String, Links.Link> links = new LinkedHashMap<>();
  private final Map<Subnet, Routes.Route> routes = new LinkedHashMap<>();
  private final Map<String, String> neighbors = new LinkedHashMap<>();
  private final Map<String, String> sysctls = new LinkedHashMap<>();
  private final List<String> scripts = new ArrayList<>();
  private final List<Conntrack.Match> forgotten = new ArrayList<>();
  private int nextIndex = 1;

  /** A machine with loopback and {@code eth0}. */
  public SimulatedNetwork() {
    put("lo", "", 65536, "00:00:00:00:00:00", List.of(Subnet.parse("127.0.0.1/8")));
    put("eth0", "", 1500, "02:00:00:00:00:01", List.of(Subnet.parse("172.30.0.2/24")));
  }

  /** The doors to it. */
  public HostNetwork doors() {
    return new HostNetwork(
        new Rules(),
        new Interfaces(),
        new Table(),
        new Neighbours(),
        new Parameters(),
        new Flows());
  }

  /** The scripts that were applied, in order. */
  public synchronized List<String> scripts() {
    return List.copyOf(scripts);
  }

  /** The connections that were forgotten, in order. */
  public synchronized List<Conntrack.Match> forgotten() {
    return List.copyOf(forgotten);
  }

  /**
   * Neighbour and forwarding entries: {@code ADDRESS DEVICE} to MAC, {@code MAC DEVICE} to remote.
   */
  public synchronized Map<String, String> neighbors() {
    return Map.copyOf(neighbors);
  }

  private synchronized void put(
      String name, String kind, int mtu, String mac, List<Subnet> addresses) {
    links.put(name, new Links.Link(nextIndex++, name, kind, true, mtu, mac, "", addresses));
  }

  private synchronized Links.Link require(String name) {
    Links.Link link = links.get(name);
    if (link == null) {
      throw new NetworkFailure("Cannot find device " + name, null);
    }
    return link;
  }

  private synchronized void replace(Links.Link old, boolean up, List<Subnet> addresses) {
    links.put(
        old.name(),
        new Links.Link(
            old.index(),
            old.name(),
            old.kind(),
            up,
            old.mtu(),
            old.mac(),
            old.master(),
            addresses));
  }

  private final class Rules implements Nftables {
    @Override
    public void apply(String script) {
      synchronized (SimulatedNetwork.this) {
        scripts.add(script);
      }
    }

    @Override
    public String listJson(String... what) {
      return "{\"nftables\":[]}";
    }

    @Override
    public List<String> tables() {
      return List.of();
    }

    @Override
    public void deleteTable(String family, String name) {
      apply("delete table " + family + " " + name);
    }
  }

  private final class Interfaces implements Links {
    @Override
    public List<Link> list() {
      synchronized (SimulatedNetwork.this) {
        return List.copyOf(links.values());
      }
    }

    @Override
    public Optional<Link> find(String name) {
      return list().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    @Override
    public void addBridge(String name, int mtu) {
      if (find(name).isEmpty()) {
        put(name, "bridge", mtu, "02:00:00:00:01:00", List.of());
      }
    }

    @Override
    public void addVxlan(Vxlan vxlan) {
      if (find(vxlan.name()).isEmpty()) {
        put(vxlan.name(), "vxlan", vxlan.mtu(), vxlan.mac(), List.of());
      }
    }

    @Override
    public void setUp(String name, boolean up) {
      Link link = require(name);
      replace(link, up, link.addresses());
    }

    @Override
    public void delete(String name) {
      synchronized (SimulatedNetwork.this) {
        links.remove(name);
      }
    }

    @Override
    public void addAddress(String name, Subnet address) {
      Link link = require(name);
      if (!link.addresses().contains(address)) {
        List<Subnet> more = new ArrayList<>(link.addresses());
        more.add(address);
        replace(link, link.up(), more);
      }
    }

    @Override
    public void deleteAddress(String name, Subnet address) {
      Link link = require(name);
      List<Subnet> fewer = new ArrayList<>(link.addresses());
      fewer.remove(address);
      replace(link, link.up(), fewer);
    }
  }

  private final class Table implements Routes {
    @Override
    public List<Route> list() {
      synchronized (SimulatedNetwork.this) {
        return List.copyOf(routes.values());
      }
    }

    @Override
    public void replace(Route route) {
      synchronized (SimulatedNetwork.this) {
        routes.put(route.destination().network(), route);
      }
    }

    @Override
    public void delete(Subnet destination) {
      synchronized (SimulatedNetwork.this) {
        routes.remove(destination.network());
      }
    }
  }

  private final class Neighbours implements Neighbors {
    private void put(String key, String value) {
      synchronized (SimulatedNetwork.this) {
        neighbors.put(key, value);
      }
    }

    private void remove(String key) {
      synchronized (SimulatedNetwork.this) {
        neighbors.remove(key);
      }
    }

    @Override
    public void replace(InetAddress address, String mac, String device) {
      put(address.getHostAddress() + " " + device, mac);
    }

    @Override
    public void delete(InetAddress address, String device) {
      remove(address.getHostAddress() + " " + device);
    }

    @Override
    public void replaceForwarding(String mac, InetAddress remote, String device) {
      put(mac + " " + device, remote.getHostAddress());
    }

    @Override
    public void deleteForwarding(String mac, String device) {
      remove(mac + " " + device);
    }
  }

  private final class Parameters implements Sysctls {
    @Override
    public Optional<String> read(String key) {
      synchronized (SimulatedNetwork.this) {
        return Optional.of(sysctls.getOrDefault(key, "0"));
      }
    }

    @Override
    public void write(String key, String value) {
      synchronized (SimulatedNetwork.this) {
        sysctls.put(key, value);
      }
    }
  }

  private final class Flows implements Conntrack {
    @Override
    public int delete(Match match) {
      synchronized (SimulatedNetwork.this) {
        forgotten.add(match);
      }
      return 0;
    }
  }
}
