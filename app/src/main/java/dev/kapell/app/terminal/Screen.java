package dev.kapell.app.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a command prints. On a terminal a block of lines can be drawn over its last state; in a
 * pipe every change is one plain line. Used by one thread.
 */
public final class Screen {
  private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";

  private final PrintStream out;
  private final boolean live;
  private List<String> block = List.of();

  /** A screen on {@code out}; {@code live} when it is a terminal that understands escape codes. */
  public Screen(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** Standard output, live when a person watches. */
  public static Screen standard() {
    boolean terminal = isTerminal();
    String kind = System.getenv("TERM");
    return new Screen(
        System.out,
        terminal && kind != null && !kind.equals("dumb") && System.getenv("CI") == null);
  }

  /** Standard error, in plain lines: standard output belongs to a script. */
  public static Screen ofErrors() {
    return new Screen(System.err, false);
  }

  /** Whether a person watches. */
  @SuppressWarnings("SystemConsoleNull") // Java 25 has no console again where nobody watches
  public static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** True when {@link #draw} redraws in place. */
  public boolean isLive() {
    return live;
  }

  /** Prints a line that stays, above the live block. */
  public void line(String text) {
    List<String> drawn = block;
    erase();
    out.println(text);
    draw(drawn);
  }

  /** Replaces the live block; without effect in a pipe. */
  public void draw(List<String> lines) {
    if (!live) {
      return;
    }
    erase();
    lines.forEach(out::println);
    out.flush();
    block = new ArrayList<>(lines);
  }

  private void erase() {
    if (live && !block.isEmpty()) {
      out.print(UP_AND_CLEAR.repeat(block.size()));
    }
    block = List.of();
  }
}
