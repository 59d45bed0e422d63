package dev.kapell.apiserver.delegation;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.http.Headers;
import dev.kapell.http.Upstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A server that answers reviews, as a kubeconfig names it. Immutable.
 *
 * @param upstream where it is
 * @param target path and query of its URL
 * @param authorization the header by which it knows this server; empty for none
 * @param tokenFile where the token is, read anew for each call; absent for none
 */
public record ReviewServer(
    Upstream upstream, String target, String authorization, Optional<Path> tokenFile) {

  /**
   * The {@code status} of what it answers to {@code json}.
   *
   * @throws IOException when it gives no answer, or none that can be read
   */
  Obj ask(RemoteCalls calls, byte[] json, Duration limit) throws IOException {
    Headers headers =
        Headers.contentType("application/json")
            .and("Accept", "application/json")
            .and("User-Agent", "kube-apiserver");
    String shown =
        tokenFile.isPresent()
            ? "Bearer " + Files.readString(tokenFile.get(), StandardCharsets.UTF_8).strip()
            : authorization;
    Headers all = shown.isEmpty() ? headers : headers.and("Authorization", shown);
    return status(calls.post(upstream, target, all, json, limit));
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Obj status(byte[] reply) throws IOException {
    try {
      if (JsonCodec.readTree(reply) instanceof Map<?, ?> review) {
        return Obj.root((Map<String, Object>) review).child("status");
      }
    } catch (DecodeException e) {
      throw new IOException("the answer is not JSON: " + e.getMessage(), e);
    }
    throw new IOException("the answer is not a JSON object");
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return upstream.authority() + target;
  }
}
