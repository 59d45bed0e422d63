package dev.kapell.apiserver.proxy;

import dev.kapell.apiserver.remote.CallerHeaders;
import dev.kapell.apiserver.remote.NoRedirects;
import dev.kapell.apiserver.remote.ServiceEndpoints;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.Query;
import dev.kapell.http.Rewriting;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes a connect request on to whom it is meant for.
 *
 * <pre>
 * pods/log                      agent  /containerLogs/NS/POD/CONTAINER?…
 * pods/exec, pods/attach        agent  /exec|attach/NS/POD/CONTAINER?command=…&input=1…
 * pods/portforward              agent  /portForward/NS/POD
 * nodes/proxy                   agent  the rest of the path
 * pods/proxy                    the pod's address and port
 * services/proxy                an endpoint of the service
 * </pre>
 */
public final class ConnectProxy {
  private static final List<String> LOG_OPTIONS =
      List.of(
          "follow",
          "previous",
          "timestamps",
          "sinceSeconds",
          "sinceTime",
          "tailLines",
          "limitBytes",
          "stream");

  private final Agents agents;
  private final ServiceEndpoints services;
  private final Upstreams upstreams;
  private final CallerHeaders callerHeaders;

  /** Relays through {@code upstreams}. */
  public ConnectProxy(
      Agents agents, ServiceEndpoints services, Upstreams upstreams, CallerHeaders callerHeaders) {
    this.callerHeaders = callerHeaders;
    this.agents = agents;
    this.services = services;
    this.upstreams = upstreams;
  }

  /**
   * Answers {@code exchange} with what the other side says.
   *
   * @param rest what follows {@code /proxy} in the path
   */
  public void relay(Exchange exchange, Answer.Connect connect, String rest) throws IOException {
    Target target = connect.target();
    Obj object = Obj.root(Agents.tree(connect.json()));
    Query query = exchange.query();
    Place place =
        switch (target.resource() + "/" + target.subresource()) {
          case "pods/log" -> logs(target, object, query);
          case "pods/exec" -> command("exec", target, object, query);
          case "pods/attach" -> command("attach", target, object, query);
          case "pods/portforward" ->
              new Place(
                  agent(object),
                  "/portForward/" + target.namespace() + "/" + target.name() + ports(query));
          case "pods/proxy" -> pod(target, object, rest, exchange.rawQuery());
          case "nodes/proxy" ->
              new Place(agents.of(target.name(), object), path(rest, exchange.rawQuery()));
          case "services/proxy" -> service(target, object, rest, exchange.rawQuery());
          default -> throw Failures.unknownPath();
        };
    boolean proxied = target.subresource().equals("proxy");
    try {
      upstreams.relay(
          exchange,
          place.to(),
          place.target(),
          proxied ? forwarded(exchange).and("Accept-Encoding", "") : forwarded(exchange),
          proxied ? pages(exchange, place, rest) : NoRedirects.INSTANCE);
    } catch (HttpFailure failure) {
      throw unreachable(target, failure);
    }
  }

  private record Place(Upstream to, String target) {}

  private static Rewriting pages(Exchange exchange, Place place, String rest) {
    String path = exchange.path();
    String root = path.endsWith(rest) ? path.substring(0, path.length() - rest.length()) : path;
    return new ProxiedPages(root, place.to().authority());
  }

  /** How to speak TLS, when {@code [SCHEME:]NAME[:PORT]} asks for it: with anybody. */
  static Optional<TlsIdentity> tls(String name) {
    String[] parts = name.split(":", -1);
    return parts.length == 3 && parts[0].equals("https")
        ? Optional.of(TlsIdentity.UNCHECKED)
        : Optional.empty();
  }

  private static ApiFailure unreachable(Target target, HttpFailure failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (target.subresource()) {
      case "proxy" -> Failures.unavailable("error trying to reach service: " + message);
      default -> Failures.internal("error dialing backend: " + message);
    };
  }

  private Headers forwarded(Exchange exchange) {
    String client = exchange.remoteAddress().getAddress().getHostAddress();
    return callerHeaders.replacing(exchange.headers()).and("X-Forwarded-For", client);
  }

  private Upstream agent(Obj pod) {
    String node = pod.child("spec").text("nodeName");
    if (node.isEmpty()) {
      throw Failures.badRequest(
          "pod " + pod.child("metadata").text("name") + " does not have a host assigned");
    }
    return agents.of(node);
  }

  private Place logs(Target target, Obj pod, Query query) {
    String container = container(pod, query);
    if (pod.child("spec").text("nodeName").isEmpty()) {
      throw Failures.badRequest(
          "container \""
              + container
              + "\" in pod \""
              + target.name()
              + "\" is waiting to start: the pod is not scheduled yet");
    }
    List<String> options = new ArrayList<>();
    for (String name : LOG_OPTIONS) {
      if (query.has(name)) {
        options.add(name + "=" + encode(query.first(name)));
      }
    }
    String path = "/containerLogs/" + target.namespace() + "/" + target.name() + "/" + container;
    return new Place(agent(pod), options.isEmpty() ? path : path + "?" + String.join("&", options));
  }

  private Place command(String verb, Target target, Obj pod, Query query) {
    String container = container(pod, query);
    String phase = pod.child("status").text("phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      throw Failures.badRequest(
          "cannot exec into a container in a completed pod; current phase is " + phase);
    }
    List<String> options = new ArrayList<>();
    query.all("command").forEach(word -> options.add("command=" + encode(word)));
    // The agent's names of the streams; absent is Kubernetes' default: only output and error.
    stream(options, query, "stdin", "input", false);
    stream(options, query, "stdout", "output", true);
    boolean tty = query.flag("tty");
    if (!tty) {
      stream(options, query, "stderr", "error", true);
    } else {
      options.add("tty=1");
    }
    String path = "/" + verb + "/" + target.namespace() + "/" + target.name() + "/" + container;
    return new Place(agent(pod), path + "?" + String.join("&", options));
  }

  private static void stream(
      List<String> options, Query query, String name, String agentName, boolean fallback) {
    if (query.has(name) ? query.flag(name) : fallback) {
      options.add(agentName + "=1");
    }
  }

  private static String ports(Query query) {
    List<String> ports = query.all("ports").stream().map(port -> "port=" + encode(port)).toList();
    return ports.isEmpty() ? "" : "?" + String.join("&", ports);
  }

  /** An endpoint; a name outside of the cluster is none: it could be anything near this machine. */
  private Place service(Target target, Obj service, String rest, String query) {
    if (service.child("spec").text("type").equals("ExternalName")) {
      throw Failures.unavailable(
          "no endpoints available for service \"" + service.child("metadata").text("name") + "\"");
    }
    Upstream endpoint = services.pick(service, port(target.name()), tls(target.name()));
    requireProxyable(endpoint.host());
    return new Place(endpoint, path(rest, query));
  }

  /** Refuses addresses that mean this machine, or what only this machine sees. */
  private static void requireProxyable(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      boolean special =
          parsed.isAnyLocalAddress()
              || parsed.isLoopbackAddress()
              || parsed.isLinkLocalAddress()
              || parsed.isMulticastAddress()
              || address.equals("255.255.255.255");
      if (!special) {
        return;
      }
    } catch (IllegalArgumentException noAddress) {
      throw refused(noAddress);
    }
    throw Failures.badRequest("address not allowed");
  }

  private static ApiFailure refused(Exception cause) {
    ApiFailure failure = Failures.badRequest("address not allowed");
    failure.addSuppressed(cause);
    return failure;
  }

  private static Place pod(Target target, Obj pod, String rest, String query) {
    String address = pod.child("status").text("podIP");
    if (address.isEmpty()) {
      throw Failures.unavailable(
          "pod \"" + pod.child("metadata").text("name") + "\" has no address yet");
    }
    requireProxyable(address);
    String name = target.name();
    return new Place(new Upstream(address, podPort(pod, port(name)), tls(name)), path(rest, query));
  }

  /** The port of {@code [SCHEME:]NAME[:PORT]}; empty when it says none. */
  private static String port(String name) {
    String[] parts = name.split(":", -1);
    return parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : "";
  }

  private static int podPort(Obj pod, String port) {
    if (port.matches("[0-9]+")) {
      return Integer.parseInt(port);
    }
    for (Obj container : pod.child("spec").items("containers")) {
      for (Obj each : container.items("ports")) {
        if (port.isEmpty() || each.text("name").equals(port)) {
          return (int) each.number("containerPort", 80);
        }
      }
    }
    if (port.isEmpty()) {
      return 80;
    }
    throw Failures.badRequest("no port \"" + port + "\" in the pod");
  }

  /**
   * The container that the query names, else the only one, else the one that an annotation names.
   */
  private static String container(Obj pod, Query query) {
    List<String> all = new ArrayList<>();
    List<String> main =
        pod.child("spec").items("containers").stream().map(each -> each.text("name")).toList();
    all.addAll(main);
    pod.child("spec").items("initContainers").forEach(each -> all.add(each.text("name")));
    pod.child("spec").items("ephemeralContainers").forEach(each -> all.add(each.text("name")));
    String name = pod.child("metadata").text("name");
    String wanted = query.first("container");
    if (!wanted.isEmpty()) {
      if (!all.contains(wanted)) {
        throw Failures.badRequest("container " + wanted + " is not valid for pod " + name);
      }
      return wanted;
    }
    String annotated =
        pod.child("metadata")
            .strings("annotations")
            .getOrDefault("kubectl.kubernetes.io/default-container", "");
    if (main.size() == 1) {
      return main.getFirst();
    }
    if (main.contains(annotated)) {
      return annotated;
    }
    throw Failures.badRequest(
        "a container name must be specified for pod %s, choose one of: [%s]"
            .formatted(name, String.join(" ", main)));
  }

  private static String path(String rest, String query) {
    String path = rest.isEmpty() ? "/" : rest;
    return query.isEmpty() ? path : path + "?" + query;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
