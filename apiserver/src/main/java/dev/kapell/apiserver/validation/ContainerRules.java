package dev.kapell.apiserver.validation;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The containers of a pod. */
final class ContainerRules {
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

  private static final Set<String> ENVIRONMENT_FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "metadata.labels['']",
          "metadata.annotations['']",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9]+");

  private ContainerRules() {}

  static void check(Obj spec, Set<String> volumes, Errors errors) {
    Set<String> names = new HashSet<>();
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      for (Obj container : spec.items(list)) {
        if (errors.require(container, "name")) {
          errors.format(container, "name", Format.LABEL);
          if (!names.add(container.text("name"))) {
            errors.add(FieldError.duplicate(container.at("name"), container.text("name")));
          }
        }
        container(container, volumes, errors);
        restartPolicy(list, container, errors);
      }
    }
    for (Obj container : spec.items("ephemeralContainers")) {
      String target = container.text("targetContainerName");
      if (!target.isEmpty() && !isPermanent(spec, target)) {
        errors.add(FieldError.notFound(container.at("targetContainerName"), target));
      }
    }
    hostPorts(spec, errors);
  }

  private static boolean isPermanent(Obj spec, String name) {
    return Stream.of("containers", "initContainers")
        .flatMap(list -> spec.items(list).stream())
        .anyMatch(container -> container.text("name").equals(name));
  }

  /** Of pods, not of templates. */
  static void images(Obj spec, Errors errors) {
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      for (Obj container : spec.items(list)) {
        String image = container.text("image");
        if (!image.equals(image.strip())) {
          errors.invalid(
              container.at("image"), image, "must not have leading or trailing whitespace");
        }
      }
    }
  }

  private static void restartPolicy(String list, Obj container, Errors errors) {
    boolean sidecar = container.text("restartPolicy").equals("Always");
    if (!container.values("restartPolicyRules").isEmpty() && !container.has("restartPolicy")) {
      errors.add(
          FieldError.required(
              container.at("restartPolicy"),
              "must specify restartPolicy when restart rules are used"));
    }
    if (list.equals("initContainers") && !sidecar) {
      for (String field : List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")) {
        errors.forbid(
            container, field, "may not be set for init containers without restartPolicy=Always");
      }
    }
    if (list.equals("ephemeralContainers")) {
      for (String field :
          List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "ports")) {
        errors.forbid(container, field, "cannot be set for an Ephemeral Container");
      }
      if (!container.child("resources").map().isEmpty()) {
        errors.forbid(container, "resources", "cannot be set for an Ephemeral Container");
      }
      for (Obj mount : container.items("volumeMounts")) {
        for (String field : List.of("subPath", "subPathExpr")) {
          errors.forbid(mount, field, "cannot be set for an Ephemeral Container");
        }
      }
    }
  }

  private static void container(Obj container, Set<String> volumes, Errors errors) {
    errors.require(container, "image");
    errors.oneOf(container, "imagePullPolicy", List.of("Always", "IfNotPresent", "Never"));
    errors.oneOf(container, "terminationMessagePolicy", List.of("File", "FallbackToLogsOnError"));
    ports(container, errors);
    environment(container, errors);
    mounts(container, volumes, errors);
    resources(container.child("resources"), errors);
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      container.find(probe).ifPresent(found -> probe(found, probe, errors));
    }
    for (String hook : List.of("postStart", "preStop")) {
      container
          .child("lifecycle")
          .find(hook)
          .ifPresent(
              found -> handler(found, List.of("exec", "httpGet", "tcpSocket", "sleep"), errors));
    }
  }

  private static void ports(Obj container, Errors errors) {
    errors.unique(container, "ports", "name");
    for (Obj port : container.items("ports")) {
      if (!port.text("name").isEmpty()) {
        errors.format(port, "name", Format.PORT_NAME);
      }
      if (port.number("containerPort", 0) == 0) {
        errors.add(FieldError.required(port.at("containerPort"), ""));
      } else {
        errors.port(port, "containerPort");
      }
      if (port.number("hostPort", 0) != 0) {
        errors.port(port, "hostPort");
      }
      errors.oneOf(port, "protocol", PROTOCOLS);
    }
  }

  private static void hostPorts(Obj spec, Errors errors) {
    Set<String> taken = new HashSet<>();
    for (Obj container : spec.items("containers")) {
      for (Obj port : container.items("ports")) {
        if (port.number("hostPort", 0) != 0) {
          String key =
              port.text("protocol") + "/" + port.text("hostIP") + "/" + port.number("hostPort", 0);
          if (!taken.add(key)) {
            errors.add(FieldError.duplicate(port.at("hostPort"), key));
          }
        }
      }
    }
  }

  private static void environment(Obj container, Errors errors) {
    for (Obj env : container.items("env")) {
      if (errors.require(env, "name")) {
        errors.format(env, "name", Format.ENV_NAME);
      }
      env.find("valueFrom").ifPresent(from -> valueFrom(env, from, errors));
    }
    for (Obj from : container.items("envFrom")) {
      if (!from.has("configMapRef") && !from.has("secretRef")) {
        errors.invalid(from.path(), "", "must specify one of: `configMapRef` or `secretRef`");
      }
    }
  }

  private static void valueFrom(Obj env, Obj from, Errors errors) {
    if (!env.text("value").isEmpty()) {
      errors.invalid(from.path(), "", "may not be specified when `value` is not empty");
    }
    if (from.map().isEmpty()) {
      errors.invalid(
          from.path(),
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef`"
              + " or `fileKeyRef`");
    } else if (from.map().size() > 1) {
      errors.invalid(from.path(), "", "may not have more than one field specified at a time");
    }
    from.find("fieldRef").ifPresent(ref -> fieldPath(ref, ENVIRONMENT_FIELDS, errors));
    from.find("resourceFieldRef").ifPresent(ref -> errors.require(ref, "resource"));
    for (String kind : List.of("configMapKeyRef", "secretKeyRef")) {
      from.find(kind)
          .ifPresent(
              ref -> {
                errors.require(ref, "name");
                errors.require(ref, "key");
              });
    }
  }

  /** Which fields of a pod a reference may name. */
  static void fieldPath(Obj reference, Set<String> known, Errors errors) {
    if (!errors.require(reference, "fieldPath")) {
      return;
    }
    String path = reference.text("fieldPath");
    String plain = path.replaceFirst("^(metadata\\.(?:labels|annotations))\\['.*'\\]$", "$1['']");
    if (!known.contains(plain)) {
      errors.invalid(
          reference.at("fieldPath"),
          path,
          "error converting fieldPath: field label not supported: " + path);
    }
  }

  private static void mounts(Obj container, Set<String> volumes, Errors errors) {
    Set<String> paths = new HashSet<>();
    for (Obj mount : container.items("volumeMounts")) {
      if (errors.require(mount, "name") && !volumes.contains(mount.text("name"))) {
        errors.add(FieldError.notFound(mount.at("name"), mount.text("name")));
      }
      if (errors.require(mount, "mountPath") && !paths.add(mount.text("mountPath"))) {
        errors.invalid(mount.at("mountPath"), mount.text("mountPath"), "must be unique");
      }
      for (String field : List.of("subPath", "subPathExpr")) {
        String sub = mount.text(field);
        if (sub.startsWith("/")) {
          errors.invalid(mount.at(field), sub, "must be a relative path");
        } else if (List.of(sub.split("/", -1)).contains("..")) {
          errors.invalid(mount.at(field), sub, "must not contain '..'");
        }
      }
    }
  }

  private static boolean isResource(String name) {
    return name.contains("/")
        || name.startsWith("hugepages-")
        || List.of("cpu", "memory", "ephemeral-storage").contains(name);
  }

  private static void resources(Obj resources, Errors errors) {
    for (String field : List.of("limits", "requests")) {
      for (var amount : resources.strings(field).entrySet()) {
        if (amount.getValue().startsWith("-")) {
          errors.invalid(
              resources.at(field) + "[" + amount.getKey() + "]",
              amount.getValue(),
              "must be greater than or equal to 0");
        }
        if (!isResource(amount.getKey())) {
          String path = resources.key(field, amount.getKey());
          errors.invalid(
              path, amount.getKey(), "must be a standard resource type or fully qualified");
          errors.invalid(path, amount.getKey(), "must be a standard resource for containers");
        }
      }
    }
    var limits = resources.strings("limits");
    for (var request : resources.strings("requests").entrySet()) {
      String limit = limits.get(request.getKey());
      if (limit != null
          && Quantity.parse(request.getValue()).compareTo(Quantity.parse(limit)) > 0) {
        errors.invalid(
            resources.at("requests"),
            request.getValue(),
            "must be less than or equal to " + request.getKey() + " limit of " + limit);
      }
    }
  }

  private static void probe(Obj probe, String name, Errors errors) {
    handler(probe, List.of("exec", "httpGet", "tcpSocket", "grpc"), errors);
    for (String field :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      errors.notNegative(probe, field);
    }
    if (!name.equals("readinessProbe") && probe.number("successThreshold", 1) != 1) {
      errors.invalid(probe.at("successThreshold"), probe.get("successThreshold"), "must be 1");
    }
  }

  private static void httpGet(Obj get, Errors errors) {
    errors.oneOf(get, "scheme", List.of("HTTP", "HTTPS"));
    for (Obj header : get.items("httpHeaders")) {
      if (!HEADER.matcher(header.text("name")).matches()) {
        errors.invalid(
            get.at("httpHeaders"),
            header.text("name"),
            "a valid HTTP header must consist of alphanumeric characters or '-' (e.g."
                + " 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')");
      }
    }
  }

  private static void handler(Obj handler, List<String> kinds, Errors errors) {
    List<String> given = kinds.stream().filter(handler::has).toList();
    if (given.isEmpty()) {
      errors.add(FieldError.required(handler.path(), "must specify a handler type"));
    }
    for (String extra : given.stream().skip(1).toList()) {
      errors.add(
          FieldError.forbidden(handler.at(extra), "may not specify more than 1 handler type"));
    }
    handler.find("exec").ifPresent(exec -> errors.require(exec, "command"));
    for (String kind : List.of("httpGet", "tcpSocket")) {
      handler
          .find(kind)
          .ifPresent(
              action -> {
                if (errors.require(action, "port")) {
                  errors.portOrName(action, "port");
                }
              });
    }
    handler.find("httpGet").ifPresent(get -> httpGet(get, errors));
    handler.find("grpc").ifPresent(grpc -> errors.port(grpc, "port"));
  }
}
