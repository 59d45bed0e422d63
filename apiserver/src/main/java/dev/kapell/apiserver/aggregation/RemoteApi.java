package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.discovery.Priorities;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A group and version that another server serves.
 *
 * @param name of the APIService
 * @param namespace of the service before the server
 * @param service its name
 * @param port its port
 * @param trustedPem who may have signed the server's certificate; absent: the machine's own
 * @param anyPeer whether its certificate is not looked at
 * @param priority how clients are to prefer it
 * @param openApi what it says its schemas are
 * @param available whether requests are passed on
 * @param resources what it says it serves; empty while it is not available
 */
record RemoteApi(
    String name,
    String group,
    String version,
    String namespace,
    String service,
    int port,
    Optional<String> trustedPem,
    boolean anyPeer,
    Priorities.Priority priority,
    RemoteOpenApi openApi,
    boolean available,
    List<Resource> resources) {
  RemoteApi {
    resources = List.copyOf(resources);
  }

  static RemoteApi of(Obj apiService) {
    Obj spec = apiService.child("spec");
    Obj service = spec.child("service");
    return new RemoteApi(
        apiService.child("metadata").text("name"),
        spec.text("group"),
        spec.text("version"),
        service.text("namespace"),
        service.text("name"),
        (int) service.number("port", 443),
        Optional.of(spec.text("caBundle"))
            .filter(bundle -> !bundle.isEmpty())
            .map(bundle -> Base64.getMimeDecoder().decode(bundle))
            .map(pem -> new String(pem, StandardCharsets.US_ASCII)),
        spec.flag("insecureSkipTLSVerify"),
        new Priorities.Priority(
            (int) spec.number("groupPriorityMinimum", 0), (int) spec.number("versionPriority", 0)),
        RemoteOpenApi.NONE,
        false,
        List.of());
  }

  RemoteApi serving(List<Resource> found, RemoteOpenApi schemas) {
    return new RemoteApi(
        name,
        group,
        version,
        namespace,
        service,
        port,
        trustedPem,
        anyPeer,
        priority,
        schemas,
        true,
        found);
  }

  /** Where its discovery document is. */
  String path() {
    return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
  }

  /** The name in its server's certificate. */
  String serverName() {
    return service + "." + namespace + ".svc";
  }
}
