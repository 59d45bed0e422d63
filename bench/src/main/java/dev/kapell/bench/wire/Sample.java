package dev.kapell.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One request.
 *
 * @param target path and query, as they are sent
 * @param headers whole lines
 * @param hangUp whether the sender goes once the head of the answer has come, as from a watch
 */
public record Sample(
    String method, String target, List<String> headers, byte[] body, boolean hangUp) {
  private static final int SHOWN = 2000;

  /** As it goes over HTTP/1.1. */
  public byte[] head() {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: kapell\r\n");
    headers.forEach(line -> head.append(line).append("\r\n"));
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    String text = new String(body, StandardCharsets.UTF_8);
    return method
        + " "
        + target
        + " "
        + headers
        + " "
        + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
  }
}
