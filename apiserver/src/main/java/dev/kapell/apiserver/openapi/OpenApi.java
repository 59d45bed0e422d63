package dev.kapell.apiserver.openapi;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.discovery.Discovery;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.http.Headers;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Answers {@code /openapi/v2} and {@code /openapi/v3}. Thread-safe.
 *
 * <p>Documents are built on demand, one at a time, and kept as long as memory allows.
 */
public final class OpenApi {
  /** Clients ask for it with an {@code @}, which a {@code Content-Type} may not hold. */
  private static final String PROTOBUF =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private static final String TITLE = "Kubernetes";
  private static final String VERSION = "v1.36.0";

  private final Catalog catalog;
  private final Others others;
  private final Map<String, Kept> documents = new HashMap<>();

  /** What each resource adds to the sum of its group; of those that did not change it is known. */
  private IdentityHashMap<Resource, Integer> sums = new IdentityHashMap<>();

  /** A document, and of what it was made. */
  private record Kept(long of, SoftReference<Discovery.Document> document) {}

  /** Describes what {@code catalog} serves, and what others say of theirs. */
  public OpenApi(Catalog catalog, Others others) {
    this.catalog = catalog;
    this.others = others;
  }

  /** The document at {@code path}; empty when there is none. */
  public Optional<Discovery.Document> find(String path, Headers headers) {
    String clean = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return switch (clean) {
      case "/openapi/v2" -> Optional.of(wantsProtobuf(headers) ? protobuf() : json());
      case "/openapi/v3" -> Optional.of(cached("v3", generation(), this::index));
      default -> clean.startsWith("/openapi/v3/") ? group(clean.substring(12)) : Optional.empty();
    };
  }

  private static boolean wantsProtobuf(Headers headers) {
    String accept = headers.first("Accept").orElse("").toLowerCase(Locale.ROOT);
    return accept.contains("proto-openapi.spec.v2") || accept.contains("github.proto-openapi");
  }

  @FunctionalInterface
  private interface Builder {
    Discovery.Document build();
  }

  private long generation() {
    return catalog.generation() + others.generation(); // both only grow
  }

  /** {@code of}: changes whenever the document does. */
  private synchronized Discovery.Document cached(String key, long of, Builder builder) {
    Kept known = documents.get(key);
    Discovery.Document document = known == null || known.of() != of ? null : known.document().get();
    if (document == null) {
      document = builder.build();
      documents.values().removeIf(kept -> kept.document().get() == null);
      documents.put(key, new Kept(of, new SoftReference<>(document)));
    }
    return document;
  }

  private Discovery.Document json() {
    return cached("v2", generation(), () -> document("application/json", v2(new SwaggerJson())));
  }

  private Discovery.Document protobuf() {
    return cached("v2.pb", generation(), () -> document(PROTOBUF, v2(new Gnostic())));
  }

  private static Discovery.Document document(String mediaType, byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(body);
    return new Discovery.Document(
        mediaType, body, "\"%08X%X\"".formatted(sum.getValue(), body.length));
  }

  private byte[] v2(Swagger.Form form) {
    return Swagger.write(catalog.all(), others.groups(), info(), form);
  }

  private static Map<String, Object> info() {
    return Obj.tree("title", TITLE, "version", VERSION);
  }

  private static String place(Resource resource) {
    return (resource.group().isEmpty() ? "api/" : "apis/") + resource.apiVersion();
  }

  /** What the documents of groups are made of, by place. */
  private synchronized Map<String, Integer> groupSums() {
    Map<String, Integer> byPlace = new LinkedHashMap<>();
    IdentityHashMap<Resource, Integer> now = new IdentityHashMap<>();
    for (Resource resource : catalog.all()) {
      Integer known = sums.get(resource);
      int sum = known == null ? sum(resource) : known;
      now.put(resource, sum);
      byPlace.merge(place(resource), sum, (one, other) -> 31 * one + other);
    }
    sums = now;
    return byPlace;
  }

  private static int sum(Resource resource) {
    String content =
        resource.plural()
            + resource.kind()
            + resource.verbs()
            + resource.subresources()
            + resource.custom().schema();
    CRC32 sum = new CRC32();
    sum.update((VERSION + content).getBytes(StandardCharsets.UTF_8));
    return (int) sum.getValue();
  }

  private Discovery.Document index() {
    Map<String, Object> paths = new LinkedHashMap<>();
    groupSums()
        .forEach(
            (place, sum) ->
                paths.put(
                    place,
                    Obj.tree(
                        "serverRelativeURL", "/openapi/v3/%s?hash=%08X".formatted(place, sum))));
    for (OtherGroup group : others.groups()) {
      if (!group.address().isEmpty()) {
        paths.putIfAbsent(group.place(), Obj.tree("serverRelativeURL", group.address()));
      }
    }
    return document("application/json", JsonCodec.writeTree(Obj.tree("paths", paths)));
  }

  private Optional<Discovery.Document> group(String place) {
    List<Resource> resources =
        catalog.all().stream().filter(resource -> place(resource).equals(place)).toList();
    if (resources.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        cached(
            "v3/" + place,
            groupSums().getOrDefault(place, 0),
            () ->
                document(
                    "application/json",
                    JsonCodec.writeTree(
                        Obj.tree(
                            "openapi", "3.0.0",
                            "info", info(),
                            "paths", Paths.of(resources, Dialect.V3),
                            "components",
                                Obj.tree("schemas", Definitions.of(resources, Dialect.V3)))))));
  }
}
