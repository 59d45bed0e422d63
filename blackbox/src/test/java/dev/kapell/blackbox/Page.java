package dev.kapell.blackbox;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Fetches web pages, each over a connection of its own, so that every request meets the load
 * balancing.
 */
final class Page {
  private static final int LIMIT_MILLIS = 5000;

  private Page() {}

  /** The page at {@code url}. */
  static String get(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestProperty("Connection", "close");
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    try {
      return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /** The page, or the failure as text, for checks that are repeated until they hold. */
  static String tryGet(String url) {
    try {
      return get(url);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
