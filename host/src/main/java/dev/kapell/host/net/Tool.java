package dev.kapell.host.net;

import dev.kapell.host.process.Command;
import dev.kapell.host.process.CommandFailure;
import dev.kapell.host.process.CommandResult;
import dev.kapell.host.process.Processes;
import java.util.ArrayList;
import java.util.List;

/** One of the network programs, {@code ip}, {@code nft} or {@code conntrack}. */
record Tool(Processes processes, String program) {

  /** Runs it and insists on success. */
  String run(String... arguments) {
    return runWithInput("", arguments);
  }

  String runWithInput(String input, String... arguments) {
    Command command = command(arguments).withInput(input);
    CommandResult result = result(command);
    if (result.exitCode() != 0) {
      throw new NetworkFailure(command + ": " + result.stderr().strip(), null);
    }
    return result.stdout();
  }

  /** Runs it; a failure whose words hold one of {@code harmless} is none. */
  void runUnless(List<String> harmless, String... arguments) {
    Command command = command(arguments);
    CommandResult result = result(command);
    if (result.exitCode() != 0 && harmless.stream().noneMatch(result.stderr()::contains)) {
      throw new NetworkFailure(command + ": " + result.stderr().strip(), null);
    }
  }

  CommandResult tryRun(String... arguments) {
    return result(command(arguments));
  }

  private Command command(String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(program);
    all.addAll(List.of(arguments));
    return Command.of(all);
  }

  private CommandResult result(Command command) {
    try {
      return processes.run(command);
    } catch (CommandFailure e) {
      throw new NetworkFailure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkFailure("interrupted during " + command, e);
    }
  }
}
