package dev.kapell.host.net;

import dev.kapell.host.process.Processes;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes through ip(8). */
final class IpRoutes implements Routes {
  private final Tool ip;

  IpRoutes(Processes processes) {
    this.ip = new Tool(processes, "ip");
  }

  @Override
  public List<Route> list() {
    List<Route> routes = new ArrayList<>();
    for (String family : List.of("-4", "-6")) {
      String any = family.equals("-4") ? "0.0.0.0/0" : "::/0";
      for (Object entry : JsonTree.list(ip.run("-j", family, "route", "show"))) {
        routes.add(route(JsonTree.object(entry), any));
      }
    }
    return List.copyOf(routes);
  }

  private static Route route(Map<String, Object> entry, String any) {
    String destination = JsonTree.text(entry, "dst");
    return new Route(
        Subnet.parse(destination.equals("default") ? any : destination),
        address(JsonTree.text(entry, "gateway")),
        JsonTree.text(entry, "dev"),
        JsonTree.list(entry.get("flags")).contains("onlink"),
        address(JsonTree.text(entry, "prefsrc")));
  }

  private static @Nullable InetAddress address(String text) {
    return text.isEmpty() ? null : InetAddress.ofLiteral(text);
  }

  @Override
  public void replace(Route route) {
    List<String> arguments =
        new ArrayList<>(
            List.of(family(route.destination()), "route", "replace", route.destination() + ""));
    if (route.via() != null) {
      arguments.addAll(List.of("via", route.via().getHostAddress()));
    }
    if (!route.device().isEmpty()) {
      arguments.addAll(List.of("dev", route.device()));
    }
    if (route.onlink()) {
      arguments.add("onlink");
    }
    if (route.source() != null) {
      arguments.addAll(List.of("src", route.source().getHostAddress()));
    }
    ip.run(arguments.toArray(String[]::new));
  }

  private static String family(Subnet subnet) {
    return subnet.address() instanceof Inet6Address ? "-6" : "-4";
  }

  @Override
  public void delete(Subnet destination) {
    ip.runUnless(
        List.of("No such process"), family(destination), "route", "delete", destination.toString());
  }
}
