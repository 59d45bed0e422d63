package dev.kapell.blackbox.peer;

import java.util.Map;

/**
 * One request.
 *
 * @param line as the table has it, for messages
 * @param method of HTTP
 * @param path with its query
 * @param contentType of the body; empty for none
 * @param body as it is sent
 * @param since why the peer's version answers otherwise; empty when it does not
 */
record Call(
    String line, String method, String path, String contentType, String body, String since) {
  /** How a line begins that explains why the next request is answered otherwise today. */
  static final String SINCE = "SINCE ";

  /** The same request, explained. */
  Call since(String reason) {
    return new Call(line, method, path, contentType, body, reason);
  }

  /** The kind that the path is about, with its subresource, and {@code ?dryRun} if it is one. */
  String kind() {
    return line.strip().split(" +", 3)[1].split("\\?", 2)[0] + (isDryRun() ? DRY : "");
  }

  boolean isDryRun() {
    return path.contains("dryRun=All");
  }

  /** The end of the kind of a dry run. */
  static final String DRY = "?dryRun";

  /** The code that Kapell has to answer with, where the versions differ; 0 where they do not. */
  int ownCode() {
    return since.isEmpty() ? 0 : Integer.parseInt(since.split(" ", 3)[1]);
  }

  /** The form of a patch, by the verb of the table. */
  static final Map<String, String> PATCHES =
      Map.of(
          "APPLY", "application/apply-patch+yaml",
          "MERGE", "application/merge-patch+json",
          "JSON", "application/json-patch+json",
          "STRATEGIC", "application/strategic-merge-patch+json");
}
