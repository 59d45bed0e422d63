package dev.kapell.host.net;

import dev.kapell.host.process.Processes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Interfaces through ip(8). */
final class IpLinks implements Links {
  private static final List<String> EXISTS = List.of("File exists");
  private static final List<String> ABSENT =
      List.of(
          "Cannot find device",
          "does not exist",
          "Cannot assign requested address",
          "Address not found");

  private final Tool ip;

  IpLinks(Processes processes) {
    this.ip = new Tool(processes, "ip");
  }

  @Override
  public List<Link> list() {
    List<Link> links = new ArrayList<>();
    for (Object entry : JsonTree.list(ip.run("-j", "-d", "addr", "show"))) {
      links.add(link(JsonTree.object(entry)));
    }
    return List.copyOf(links);
  }

  private static Link link(Map<String, Object> entry) {
    List<Subnet> addresses = new ArrayList<>();
    for (Object item : JsonTree.list(entry.get("addr_info"))) {
      Map<String, Object> address = JsonTree.object(item);
      if (address.containsKey("local")) {
        addresses.add(
            Subnet.parse(address.get("local") + "/" + JsonTree.number(address, "prefixlen")));
      }
    }
    return new Link(
        (int) JsonTree.number(entry, "ifindex"),
        JsonTree.text(entry, "ifname"),
        JsonTree.text(JsonTree.object(entry.get("linkinfo")), "info_kind"),
        JsonTree.list(entry.get("flags")).contains("UP"),
        (int) JsonTree.number(entry, "mtu"),
        JsonTree.text(entry, "address"),
        JsonTree.text(entry, "master"),
        addresses);
  }

  @Override
  public Optional<Link> find(String name) {
    return list().stream().filter(link -> link.name().equals(name)).findFirst();
  }

  @Override
  public void addBridge(String name, int mtu) {
    ip.runUnless(EXISTS, "link", "add", "name", name, "mtu", "" + mtu, "type", "bridge");
    setUp(name, true);
  }

  @Override
  public void addVxlan(Vxlan vxlan) {
    Optional<Link> old = find(vxlan.name());
    boolean same =
        old.isPresent()
            && old.get().kind().equals("vxlan")
            && old.get().mtu() == vxlan.mtu()
            && old.get().mac().equalsIgnoreCase(vxlan.mac())
            && sameTunnel(vxlan);
    if (!same) {
      delete(vxlan.name());
      ip.run(
          "link",
          "add",
          "name",
          vxlan.name(),
          "address",
          vxlan.mac(),
          "mtu",
          "" + vxlan.mtu(),
          "type",
          "vxlan",
          "id",
          "" + vxlan.id(),
          "dstport",
          "" + vxlan.port(),
          "local",
          vxlan.local().getHostAddress(),
          "dev",
          vxlan.device(),
          "nolearning");
    }
    setUp(vxlan.name(), true);
  }

  private boolean sameTunnel(Vxlan wanted) {
    Object entry = JsonTree.list(ip.run("-j", "-d", "link", "show", wanted.name())).getFirst();
    Map<String, Object> info = JsonTree.object(JsonTree.object(entry).get("linkinfo"));
    Map<String, Object> data = JsonTree.object(info.get("info_data"));
    return JsonTree.number(data, "id") == wanted.id()
        && JsonTree.number(data, "port") == wanted.port()
        && JsonTree.text(data, "local").equals(wanted.local().getHostAddress())
        && JsonTree.text(data, "link").equals(wanted.device());
  }

  @Override
  public void setUp(String name, boolean up) {
    ip.run("link", "set", "dev", name, up ? "up" : "down");
  }

  @Override
  public void delete(String name) {
    ip.runUnless(ABSENT, "link", "delete", "dev", name);
  }

  @Override
  public void addAddress(String name, Subnet address) {
    // Not "add": how that refuses an address that is there differs between kernels.
    ip.run("addr", "replace", address.toString(), "dev", name);
  }

  @Override
  public void deleteAddress(String name, Subnet address) {
    ip.runUnless(ABSENT, "addr", "delete", address.toString(), "dev", name);
  }
}
