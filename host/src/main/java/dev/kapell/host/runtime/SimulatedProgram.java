package dev.kapell.host.runtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the programs of simulated containers do. Pure; called from any thread. */
public interface SimulatedProgram {

  /** How the first process of a container goes. */
  Course start(ContainerSpec spec);

  /** How a command in a running container goes. */
  Answer exec(ContainerSpec spec, List<String> command);

  /**
   * A little of a shell: {@code sleep N}, {@code exit N}, {@code true}, {@code false}, {@code
   * echo}.
   */
  static SimulatedProgram shell() {
    return new Shell();
  }

  /**
   * The course of a first process.
   *
   * @param startFailure why it cannot be started; empty: it can
   * @param lasts until it ends by itself; null: for ever
   * @param exitCode when it ends by itself
   */
  record Course(String startFailure, @Nullable Duration lasts, int exitCode) {
    /** Runs until it is stopped. */
    public static final Course FOR_EVER = new Course("", null, 0);

    /** Ends after a while. */
    public static Course endsAfter(Duration lasts, int exitCode) {
      return new Course("", lasts, exitCode);
    }
  }

  /**
   * A command's result.
   *
   * @param lasts how long it takes
   */
  record Answer(Duration lasts, ExecResult result) {
    /** At once, with this output on standard output. */
    public static Answer of(int exitCode, String stdout) {
      return new Answer(
          Duration.ZERO,
          new ExecResult(stdout.getBytes(StandardCharsets.UTF_8), new byte[0], exitCode));
    }
  }

  /** See {@link #shell}. */
  final class Shell implements SimulatedProgram {
    private static final Pattern EXIT =
        Pattern.compile("\\s*(?:sleep (\\d{1,9})\\s*;)?\\s*exit (\\d{1,3})\\s*");
    private static final Pattern ECHO = Pattern.compile("\\s*echo [^;&|]*(?:;|&&)");
    private static final Pattern SLEEP = Pattern.compile("\\s*sleep (\\d{1,9})\\s*");
    private static final List<String> DIRECTORIES = List.of("/bin/", "/usr/", "/sbin/");

    private Shell() {}

    @Override
    public Course start(ContainerSpec spec) {
      List<String> line =
          java.util.stream.Stream.concat(spec.command().stream(), spec.args().stream()).toList();
      if (line.isEmpty()) {
        return Course.FOR_EVER;
      }
      String program = line.getFirst();
      if (program.startsWith("/") && DIRECTORIES.stream().noneMatch(program::startsWith)) {
        return new Course("exec: \"" + program + "\": no such file or directory", null, 0);
      }
      return ending(line).orElse(Course.FOR_EVER);
    }

    private static Optional<Course> ending(List<String> line) {
      String script = afterEcho(script(line));
      Matcher exit = EXIT.matcher(script);
      if (exit.matches()) {
        long seconds = exit.group(1) == null ? 0 : Long.parseLong(exit.group(1));
        return Optional.of(
            Course.endsAfter(Duration.ofSeconds(seconds), Integer.parseInt(exit.group(2))));
      }
      Matcher sleep = SLEEP.matcher(script);
      if (sleep.matches()) {
        return Optional.of(Course.endsAfter(Duration.ofSeconds(Long.parseLong(sleep.group(1))), 0));
      }
      return switch (script.strip()) {
        case "true" -> Optional.of(Course.endsAfter(Duration.ZERO, 0));
        case "false" -> Optional.of(Course.endsAfter(Duration.ZERO, 1));
        default ->
            script.startsWith("echo ")
                ? Optional.of(Course.endsAfter(Duration.ZERO, 0))
                : Optional.empty();
      };
    }

    /** What is said before anything is done takes no time. */
    private static String afterEcho(String script) {
      Matcher echo = ECHO.matcher(script);
      int from = 0;
      while (echo.region(from, script.length()).lookingAt()) {
        from = echo.end();
      }
      return script.substring(from);
    }

    /** The words as one line, without {@code sh -c} in front. */
    private static String script(List<String> line) {
      boolean shell = line.size() == 3 && line.get(1).equals("-c");
      return shell ? line.get(2) : String.join(" ", line);
    }

    @Override
    public Answer exec(ContainerSpec spec, List<String> command) {
      String script = script(command);
      Course course = ending(command).orElse(Course.endsAfter(Duration.ZERO, 0));
      String output = script.startsWith("echo ") ? script.substring(5) + "\n" : "";
      Duration lasts = course.lasts() == null ? Duration.ZERO : course.lasts();
      return new Answer(lasts, Answer.of(course.exitCode(), output).result());
    }
  }
}
