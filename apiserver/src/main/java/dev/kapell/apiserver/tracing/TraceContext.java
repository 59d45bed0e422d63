package dev.kapell.apiserver.tracing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which trace a request belongs to, as the header {@code traceparent} of W3C Trace Context has it.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param sampled whether the trace is kept
 */
record TraceContext(String traceId, String spanId, boolean sampled) {
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final Pattern ZEROS = Pattern.compile("0+");

  /** The context in a header, none when it is no such header: then it counts for nothing. */
  static Optional<TraceContext> parse(String header) {
    Matcher form = FORM.matcher(header);
    if (!form.matches()) {
      return Optional.empty();
    }
    String version = form.group(1);
    boolean known = !version.equals("ff") && (!version.equals("00") || form.group(5) == null);
    boolean named =
        !ZEROS.matcher(form.group(2)).matches() && !ZEROS.matcher(form.group(3)).matches();
    boolean sampled = (Integer.parseInt(form.group(4), 16) & 1) == 1;
    return known && named
        ? Optional.of(new TraceContext(form.group(2), form.group(3), sampled))
        : Optional.empty();
  }

  /** The header that hands it on. */
  String header() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
