package dev.kapell.bench.fuzz;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.bench.Dice;
import dev.kapell.bench.wire.Sample;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes requests. One thread. */
final class Grammar {
  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE", "HEAD", "OPTIONS",
          "FOO");
  private static final List<String> ACCEPTS =
      List.of(
          "application/json",
          "application/yaml",
          "application/vnd.kubernetes.protobuf",
          "application/cbor",
          "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
          "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
          "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
          "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
          "*/*",
          "text/html;q=0.9, application/json;q=x",
          ";;;",
          "application/json;stream=watch");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json",
          "application/yaml",
          "application/vnd.kubernetes.protobuf",
          "application/cbor",
          "text/plain",
          "application/json; charset=latin1",
          "multipart/form-data",
          "x");
  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml",
          "application/apply-patch+cbor");
  private static final List<String> PARAMETERS =
      List.of(
          "limit",
          "continue",
          "resourceVersion",
          "resourceVersionMatch",
          "fieldSelector",
          "labelSelector",
          "timeoutSeconds",
          "allowWatchBookmarks",
          "sendInitialEvents",
          "dryRun",
          "fieldManager",
          "force",
          "fieldValidation",
          "gracePeriodSeconds",
          "propagationPolicy",
          "orphanDependents",
          "pretty",
          "includeObject",
          "export",
          "exact",
          "verbose",
          "exclude");
  private static final List<String> ARGUMENTS =
      List.of(
          "1",
          "0",
          "-1",
          "5000000000",
          "abc",
          "All",
          "None",
          "Strict",
          "Warn",
          "Bogus",
          "true",
          "false",
          "Foreground",
          "Orphan",
          "Exact",
          "NotOlderThan",
          "a=b",
          "a!=b",
          "!a",
          "a in (b,c)",
          "a notin ()",
          "a>1",
          "metadata.name=x",
          "status.phase=Running",
          "x.y.z=1",
          "=",
          ",",
          "((",
          "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0",
          "%zz",
          "%00",
          "%F0%9F%9A%80",
          "+",
          "&",
          "a=b,".repeat(500));
  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "c",
          "web",
          "default",
          "x.y",
          "A",
          "-",
          "..",
          "%2e%2e",
          "%2F",
          "a%00b",
          "%F0%9F%9A%80",
          "a:b:c",
          "https:a:443",
          "x".repeat(300),
          "%zz",
          "");
  private static final List<String> PATHS =
      List.of(
          "/",
          "/api",
          "/apis",
          "/api/v1",
          "/api/v1/",
          "/apis/apps/v1/",
          "//api//v1",
          "/version",
          "/healthz",
          "/livez?verbose",
          "/readyz/etcd",
          "/readyz?exclude=etcd&verbose",
          "/metrics",
          "/openapi/v2",
          "/openapi/v3",
          "/openapi/v3/api/v1",
          "/api/v1/watch/pods",
          "/api/v1/namespaces/a/pods/b/c/d/e",
          "/apis/x/y/z",
          "/../etc/passwd",
          "/%2e%2e/x",
          "/debug/",
          "/logs",
          "/.well-known/openid-configuration",
          "/openid/v1/jwks",
          "/api/v1/namespaces//pods",
          "/apis/apps/v1/watch/namespaces/a/deployments/b",
          "*",
          "http://evil/api",
          "/\u00ff");

  private final Api api;
  private final Dice dice;
  private final Values values;
  private final Shapes shapes;

  Grammar(Api api, Dice dice) {
    this.api = api;
    this.dice = dice;
    this.values = new Values(dice);
    this.shapes = new Shapes(api.schemas(), dice, values);
  }

  /** The next request: the admin's, or in the name of somebody who may do less. */
  Sample next() {
    Sample sample = request();
    return dice.percent(15) ? Tenant.disguise(sample, dice) : sample;
  }

  private Sample request() {
    String method = dice.pick(METHODS);
    List<String> headers = new ArrayList<>();
    headers.add("Accept: " + (dice.percent(70) ? ACCEPTS.getFirst() : dice.pick(ACCEPTS)));
    noise(headers);
    if (dice.percent(5)) {
      String path = dice.pick(PATHS);
      return new Sample(method, path, headers, new byte[0], path.contains("/watch/"));
    }
    Api.Operation operation = dice.pick(api.operations());
    if (dice.percent(85)) {
      method = dice.pick(operation.methods());
    }
    String path = path(operation.path());
    boolean watch = method.equals("GET") && dice.percent(4);
    List<String> query = query(operation.path(), method);
    if (watch) {
      query.add("watch=1");
      query.add("timeoutSeconds=1");
    }
    byte[] body = new byte[0];
    if (method.equals("POST")
        || method.equals("PUT")
        || method.equals("PATCH")
        || (method.equals("DELETE") && dice.percent(30))) {
      String type =
          method.equals("PATCH") && dice.percent(90) ? dice.pick(PATCHES) : dice.pick(TYPES);
      headers.add("Content-Type: " + type);
      body = body(operation, path, type);
    }
    boolean follows = operation.path().contains("/log") || operation.path().contains("/watch/");
    String target = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    return new Sample(method, target, headers, body, watch || follows);
  }

  private void noise(List<String> headers) {
    if (dice.percent(3)) {
      headers.add(
          dice.pick(
              List.of(
                  "Impersonate-User: ann",
                  "Impersonate-Group: x",
                  "Impersonate-Uid: 1",
                  "Impersonate-Extra-%zz: 1",
                  "Authorization: Bearer x.y.z",
                  "Authorization: Basic !!",
                  "Audit-ID: " + "i".repeat(300),
                  "If-None-Match: \"x\"",
                  "Content-Encoding: gzip",
                  "Accept-Encoding: gzip;q=x",
                  "X-Forwarded-For: a, b,,",
                  "Traceparent: 00-x",
                  "Expect: 100-continue",
                  "Cookie: " + "c".repeat(5000))));
    }
  }

  private String path(String template) {
    String path = template.replace("{namespace}", dice.percent(90) ? "fuzz" : dice.pick(NAMES));
    while (path.contains("{")) {
      int from = path.indexOf('{');
      String name = dice.percent(70) ? NAMES.get(dice.below(4)) : dice.pick(NAMES);
      path = path.substring(0, from) + name + path.substring(path.indexOf('}') + 1);
    }
    return path;
  }

  private List<String> query(String path, String method) {
    List<String> query = new ArrayList<>();
    for (int i = dice.percent(40) ? dice.below(4) : 0; i > 0; i--) {
      String argument = dice.pick(ARGUMENTS);
      boolean raw = argument.startsWith("%") || dice.percent(10);
      query.add(
          dice.pick(PARAMETERS)
              + "="
              + (raw && argument.indexOf(' ') < 0
                  ? argument
                  : URLEncoder.encode(argument, StandardCharsets.UTF_8)));
    }
    // What steers other requests is only tried, or the run would end in refusals.
    if (!method.equals("GET")
        && ((path.endsWith("/namespaces") && method.equals("DELETE"))
            || path.contains("admissionregistration")
            || path.contains("apiregistration")
            || path.contains("flowcontrol"))) {
      query.add(0, "dryRun=All");
    }
    return query;
  }

  private byte[] body(Api.Operation operation, String path, String type) {
    if (dice.percent(3)) {
      return dice.bytes(dice.below(300));
    }
    Object tree = type.contains("json-patch") ? operations() : object(operation, path);
    byte[] body =
        type.contains("yaml") && dice.percent(50)
            ? Yaml.text(tree).getBytes(StandardCharsets.UTF_8)
            : JsonCodec.writeTree(tree);
    if (type.contains("protobuf")) {
      byte[] framed = new byte[body.length + 4];
      System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, framed, 0, 4);
      System.arraycopy(dice.bytes(body.length), 0, framed, 4, body.length);
      return framed;
    }
    if (dice.percent(3) && body.length > 0) {
      body[dice.below(body.length)] = (byte) dice.below(256);
    }
    return dice.percent(2) ? java.util.Arrays.copyOf(body, dice.below(body.length + 1)) : body;
  }

  private @Nullable Object object(Api.Operation operation, String path) {
    Object shape = shapes.object(operation.kind());
    if (!(shape instanceof Map<?, ?> fields) || dice.percent(2)) {
      return shape;
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    fields.forEach((name, value) -> object.put(String.valueOf(name), value));
    if (dice.percent(90)) {
      Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
      if (dice.percent(10) && object.get("metadata") instanceof Map<?, ?> made) {
        made.forEach((name, value) -> metadata.put(String.valueOf(name), value));
      }
      metadata.put("name", dice.percent(80) ? NAMES.get(dice.below(4)) : values.text());
      object.put("metadata", metadata);
      String[] parts = path.split("/", -1);
      String apiVersion =
          parts[1].equals("api") ? "v1" : parts.length > 3 ? parts[2] + "/" + parts[3] : "v1";
      object.put("apiVersion", apiVersion);
      String kind = operation.kind();
      object.put("kind", kind.substring(kind.lastIndexOf('.') + 1));
    }
    if (dice.percent(5)) {
      object.put("$patch", dice.pick(List.of("replace", "delete", "merge", "x")));
      object.put("$retainKeys", values.any(2));
      object.put("$setElementOrder/containers", values.any(2));
      object.put("$deleteFromPrimitiveList/finalizers", values.any(2));
    }
    return object;
  }

  private Object operations() {
    List<Object> all = new ArrayList<>();
    for (int i = dice.below(5); i >= 0; i--) {
      Map<String, @Nullable Object> operation = new LinkedHashMap<>();
      operation.put(
          "op", dice.pick(List.of("add", "remove", "replace", "move", "copy", "test", "bogus")));
      operation.put("path", pointer());
      operation.put("from", pointer());
      operation.put("value", values.any(1));
      all.add(operation);
    }
    return all;
  }

  private String pointer() {
    return dice.pick(
        List.of(
            "",
            "/",
            "/metadata/labels",
            "/metadata/labels/a~1b",
            "/metadata/name",
            "/spec",
            "/spec/containers/0/image",
            "/spec/containers/-",
            "/spec/containers/99",
            "/data/a",
            "/metadata/annotations/x",
            "/~2",
            "/spec/replicas",
            "/status",
            "metadata",
            "/metadata",
            "/metadata/finalizers/0",
            "/metadata/ownerReferences"));
  }
}
