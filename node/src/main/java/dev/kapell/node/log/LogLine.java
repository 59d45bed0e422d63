package dev.kapell.node.log;

/**
 * One line of a container's log file: {@code TIME stdout|stderr F|P TEXT}.
 *
 * @param time as it was written, RFC 3339 with nanoseconds; empty when the line has no such form
 * @param stream {@code stdout} or {@code stderr}
 * @param text what the container wrote; ends with a line feed unless the line goes on in the next
 *     one
 */
public record LogLine(String time, String stream, String text) {
  /** Reads a line without its line feed; what has another form is all text. */
  public static LogLine parse(String line) {
    int first = line.indexOf(' ');
    int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
    int third = second < 0 ? -1 : line.indexOf(' ', second + 1);
    if (third < 0) {
      return new LogLine("", "stdout", line + "\n");
    }
    boolean partial = line.substring(second + 1, third).startsWith("P");
    String text = line.substring(third + 1);
    return new LogLine(
        line.substring(0, first), line.substring(first + 1, second), partial ? text : text + "\n");
  }
}
