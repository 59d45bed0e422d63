package dev.kapell.apiserver.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The query of a request, checked. Text that was absent is empty.
 *
 * @param labelSelector in the API's text form
 * @param fieldSelector in the API's text form
 * @param resourceVersion of a read
 * @param resourceVersionMatch {@code Exact}, {@code NotOlderThan} or empty
 * @param limit the size of a page, 0 for everything
 * @param continueToken where the next page starts
 * @param timeout of a watch; empty when the client leaves it to the server
 * @param allowWatchBookmarks the client understands bookmarks
 * @param sendInitialEvents a watch that starts with the state as events
 * @param dryRun nothing is to be stored
 * @param fieldManager who writes, for the ownership of fields
 * @param client what the client calls itself in general, for ordinary writes without a field
 *     manager
 * @param force server-side apply takes fields over
 * @param fieldValidation for unknown fields
 * @param gracePeriodSeconds of a delete, when given in the query
 * @param propagationPolicy of a delete, when given in the query
 * @param other everything else, for subresources such as {@code log}
 */
public record RequestOptions(
    String labelSelector,
    String fieldSelector,
    String resourceVersion,
    String resourceVersionMatch,
    int limit,
    String continueToken,
    Optional<Duration> timeout,
    boolean allowWatchBookmarks,
    Optional<Boolean> sendInitialEvents,
    boolean dryRun,
    String fieldManager,
    String client,
    boolean force,
    FieldValidation fieldValidation,
    Optional<Long> gracePeriodSeconds,
    String propagationPolicy,
    Map<String, List<String>> other) {

  /** No query at all. */
  public static final RequestOptions NONE = parse(Map.of());

  /** Copies the map. */
  public RequestOptions {
    other = Map.copyOf(other);
  }

  /**
   * Reads a query; throws a {@code BadRequest} failure that names the parameter when a value is
   * malformed.
   *
   * @param query decoded names and values; of a name that comes twice, the first value counts
   */
  public static RequestOptions parse(Map<String, List<String>> query) {
    return parse(query, "");
  }

  /** The same for a client that sent {@code userAgent}. */
  public static RequestOptions parse(Map<String, List<String>> query, String userAgent) {
    QueryReader in = new QueryReader(query);
    return new RequestOptions(
        in.text("labelSelector"),
        in.text("fieldSelector"),
        in.text("resourceVersion"),
        in.text("resourceVersionMatch"),
        (int) Math.min(Integer.MAX_VALUE, in.number("limit").orElse(0L)),
        in.text("continue"),
        in.number("timeoutSeconds").filter(seconds -> seconds > 0).map(Duration::ofSeconds),
        in.flag("allowWatchBookmarks").orElse(false),
        in.flag("sendInitialEvents"),
        in.dryRun(),
        in.text("fieldManager"),
        client(userAgent),
        in.flag("force").orElse(false),
        in.fieldValidation(),
        in.number("gracePeriodSeconds"),
        in.propagationPolicy(),
        query);
  }

  /** A query that is somebody else's to understand: only {@link #other} has it. */
  public static RequestOptions foreign(Map<String, List<String>> query) {
    return new RequestOptions(
        NONE.labelSelector,
        NONE.fieldSelector,
        NONE.resourceVersion,
        NONE.resourceVersionMatch,
        NONE.limit,
        NONE.continueToken,
        NONE.timeout,
        NONE.allowWatchBookmarks,
        NONE.sendInitialEvents,
        NONE.dryRun,
        NONE.fieldManager,
        NONE.client,
        NONE.force,
        NONE.fieldValidation,
        NONE.gracePeriodSeconds,
        NONE.propagationPolicy,
        query);
  }

  /** The first word of a user agent, without its version, as a name for managers of fields. */
  private static String client(String userAgent) {
    if (userAgent.isEmpty()) {
      return "";
    }
    int slash = userAgent.indexOf('/');
    String name = slash < 0 ? userAgent : userAgent.substring(0, slash);
    StringBuilder printable = new StringBuilder();
    name.codePoints()
        .filter(QueryReader::isPrintable)
        .limit(QueryReader.MAX_MANAGER_LENGTH)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  /** The first value of any parameter, or empty text. */
  public String other(String name) {
    List<String> values = other.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.getFirst();
  }
}
