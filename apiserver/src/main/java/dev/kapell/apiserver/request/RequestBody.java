package dev.kapell.apiserver.request;

/**
 * What a request carried. Nobody changes {@code bytes}.
 *
 * @param bytes JSON or YAML as {@code mediaType} says; protobuf is translated to JSON by the HTTP
 *     side before
 * @param mediaType without parameters, for instance {@code application/merge-patch+json}; empty
 *     counts as JSON
 */
public record RequestBody(byte[] bytes, String mediaType) {
  /** No body. */
  public static final RequestBody NONE = new RequestBody(new byte[0], "");

  /** A JSON body. */
  public static RequestBody json(byte[] bytes) {
    return new RequestBody(bytes, "application/json");
  }

  /** True when nothing was sent. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }
}
