package dev.kapell.host.net;

import dev.kapell.host.process.CommandResult;
import dev.kapell.host.process.Processes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The connection table through conntrack(8). */
final class ConntrackProgram implements Conntrack {
  private static final Pattern COUNT = Pattern.compile("(\\d+) flow entries have been deleted");

  private final Tool conntrack;

  ConntrackProgram(Processes processes) {
    this.conntrack = new Tool(processes, "conntrack");
  }

  @Override
  public int delete(Match match) {
    List<String> arguments = new ArrayList<>(List.of("-D", "-p", match.protocol()));
    if (match.originalDestination() != null) {
      arguments.addAll(List.of("--orig-dst", match.originalDestination().getHostAddress()));
    }
    if (match.originalPort() > 0) {
      arguments.addAll(List.of("--orig-port-dst", "" + match.originalPort()));
    }
    if (match.replySource() != null) {
      arguments.addAll(List.of("--reply-src", match.replySource().getHostAddress()));
    }
    if (arguments.size() == 3) {
      throw new IllegalArgumentException("a match without an address or port is everything");
    }
    // It says the count on stderr, and exits with 1 when the count is 0.
    CommandResult result = conntrack.tryRun(arguments.toArray(String[]::new));
    Matcher count = COUNT.matcher(result.stderr());
    if (!count.find()) {
      throw new NetworkFailure(
          "conntrack " + String.join(" ", arguments) + ": " + result.stderr().strip(), null);
    }
    return Integer.parseInt(count.group(1));
  }
}
