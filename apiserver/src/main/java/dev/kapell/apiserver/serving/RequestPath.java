package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a path under {@code /api} or {@code /apis} names.
 *
 * <pre>
 * /api/VERSION             [/watch] [/namespaces/NS] /RESOURCE [/NAME [/SUBRESOURCE [/REST]]]
 * /apis/GROUP/VERSION      likewise
 * </pre>
 *
 * @param target the resource
 * @param watch it is one of the old {@code /watch/} paths
 * @param rest what follows the subresource, for {@code proxy}: empty, or with its leading slash
 */
record RequestPath(Target target, boolean watch, String rest) {

  /** The resource that {@code path} names; empty for every other path. */
  static Optional<RequestPath> parse(String path) {
    List<String> parts = split(path);
    int from;
    String group;
    if (parts.size() >= 3 && parts.get(0).equals("api")) {
      group = "";
      from = 1;
    } else if (parts.size() >= 4 && parts.get(0).equals("apis")) {
      group = decoded(parts.get(1));
      from = 2;
    } else {
      return Optional.empty();
    }
    String version = decoded(parts.get(from));
    List<String> left = parts.subList(from + 1, parts.size());
    boolean watch = left.getFirst().equals("watch") && left.size() > 1;
    if (watch) {
      left = left.subList(1, left.size());
    }
    Named named = Named.of(left);
    Target target =
        new Target(
            group, version, named.resource(), named.namespace(), named.name(), named.subresource());
    return Optional.of(
        new RequestPath(target, watch, rest(path, named.used() + parts.size() - left.size())));
  }

  private record Named(
      String namespace, String resource, String name, String subresource, int used) {
    static Named of(List<String> left) {
      boolean scoped =
          left.size() >= 3
              && left.getFirst().equals("namespaces")
              && !(left.size() == 3
                  && (left.get(2).equals("status") || left.get(2).equals("finalize")));
      int at = scoped ? 2 : 0;
      return new Named(
          scoped ? decoded(left.get(1)) : "",
          decoded(left.get(at)),
          left.size() > at + 1 ? decoded(left.get(at + 1)) : "",
          left.size() > at + 2 ? decoded(left.get(at + 2)) : "",
          at + 3);
    }
  }

  private static List<String> split(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  /**
   * A slash inside of a part would be the border of another part for whoever reads on. What follows
   * the subresource is not ours to read: it goes to a pod or a service as it came.
   */
  private static String decoded(String part) {
    if (part.indexOf('%') < 0) {
      return part;
    }
    String text;
    try {
      text = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Failures.badRequest("the path has a broken escape: " + part);
    }
    if (text.indexOf('/') >= 0 || text.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
      throw Failures.badRequest("the path has an escaped slash or control character: " + part);
    }
    return text;
  }

  /** What follows the first {@code count} parts of the raw path. */
  private static String rest(String path, int count) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      while (at < path.length() && path.charAt(at) == '/') {
        at++;
      }
      int slash = path.indexOf('/', at);
      if (slash < 0) {
        return "";
      }
      at = slash;
    }
    return path.substring(at);
  }
}
