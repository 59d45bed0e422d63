package dev.kapell.node.config;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The variables that tell a container where services are (reference: Service, environment
 * variables).
 */
final class ServiceVariables {
  private ServiceVariables() {}

  static void add(List<Service> services, Map<String, String> env) {
    for (Service service : services) {
      String ip = service.spec().clusterIPOr("");
      if (!ip.isEmpty() && !ip.equals("None") && !service.spec().ports().isEmpty()) {
        add(service, ip, env);
      }
    }
  }

  private static void add(Service service, String ip, Map<String, String> env) {
    String prefix = variable(service.metadata().nameOr(""));
    List<ServicePort> ports = service.spec().ports();
    env.put(prefix + "_SERVICE_HOST", ip);
    env.put(prefix + "_SERVICE_PORT", String.valueOf(ports.getFirst().portOr(0)));
    for (ServicePort port : ports) {
      if (!port.nameOr("").isEmpty()) {
        env.put(
            prefix + "_SERVICE_PORT_" + variable(port.nameOr("")), String.valueOf(port.portOr(0)));
      }
    }
    env.put(prefix + "_PORT", url(ports.getFirst(), ip));
    for (ServicePort port : ports) {
      String protocol = port.protocolOr("TCP");
      String one = prefix + "_PORT_" + port.portOr(0) + "_" + protocol;
      env.put(one, url(port, ip));
      env.put(one + "_PROTO", protocol.toLowerCase(Locale.ROOT));
      env.put(one + "_PORT", String.valueOf(port.portOr(0)));
      env.put(one + "_ADDR", ip);
    }
  }

  private static String url(ServicePort port, String ip) {
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    return port.protocolOr("TCP").toLowerCase(Locale.ROOT) + "://" + host + ":" + port.portOr(0);
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
