package dev.kapell.apiserver.request;

/**
 * What a request carried. Nobody changes {@code bytes}.
 *
 * @param bytes JSON or YAML as {@code mediaType} says; protobuf is translated to JSON by the HTTP
 *     side before
 * @param mediaType without parameters, for instance {@code application/merge-patch+json}; empty
 *     counts as JSON
 * @param canonical whether it is JSON as the codec of its kind writes it, so that nothing in it is
 *     unknown or of a wrong type
 */
public record RequestBody(byte[] bytes, String mediaType, boolean canonical) {
  /** No body. */
  public static final RequestBody NONE = new RequestBody(new byte[0], "");

  /** A body as somebody wrote it. */
  public RequestBody(byte[] bytes, String mediaType) {
    this(bytes, mediaType, false);
  }

  /** A JSON body. */
  public static RequestBody json(byte[] bytes) {
    return new RequestBody(bytes, "application/json");
  }

  /** A JSON body that the codec of its kind wrote. */
  public static RequestBody encoded(byte[] bytes) {
    return new RequestBody(bytes, "application/json", true);
  }

  /** True when nothing was sent. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }
}
