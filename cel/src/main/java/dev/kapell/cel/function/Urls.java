package dev.kapell.cel.function;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Url;
import java.util.List;

/** URLs and their parts. */
final class Urls {
  private Urls() {}

  static List<Function> all() {
    return List.of(
        Function.of(
            "url",
            "(string) -> URL",
            a ->
                Url.parse((String) a[0])
                    .orElseThrow(
                        () ->
                            new CelError(
                                "URL parse error during conversion from string: parse \""
                                    + a[0]
                                    + "\": invalid URI for request"))),
        Function.of("isURL", "(string) -> bool", a -> Url.parse((String) a[0]).isPresent()),
        Function.of("getScheme", "URL.() -> string", a -> ((Url) a[0]).scheme()),
        Function.of("getHost", "URL.() -> string", a -> ((Url) a[0]).host()),
        Function.of("getHostname", "URL.() -> string", a -> ((Url) a[0]).hostname()),
        Function.of("getPort", "URL.() -> string", a -> ((Url) a[0]).port()),
        Function.of("getEscapedPath", "URL.() -> string", a -> ((Url) a[0]).escapedPath()),
        Function.of("getQuery", "URL.() -> map(string, list(string))", a -> ((Url) a[0]).query()));
  }
}
