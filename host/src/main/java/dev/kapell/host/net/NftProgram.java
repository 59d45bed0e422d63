package dev.kapell.host.net;

import dev.kapell.host.process.CommandResult;
import dev.kapell.host.process.Processes;
import java.util.ArrayList;
import java.util.List;

/** Packet rules through nft(8). */
final class NftProgram implements Nftables {
  private static final String NOTHING = "{\"nftables\":[]}";
  private static final String ABSENT = "No such file or directory";

  private final Tool nft;

  NftProgram(Processes processes) {
    this.nft = new Tool(processes, "nft");
  }

  @Override
  public void apply(String script) {
    nft.runWithInput(script, "-f", "-");
  }

  @Override
  public String listJson(String... what) {
    List<String> arguments = new ArrayList<>(List.of("-j", "list"));
    arguments.addAll(List.of(what));
    CommandResult result = nft.tryRun(arguments.toArray(String[]::new));
    if (result.exitCode() == 0) {
      return result.stdout();
    }
    if (result.stderr().contains(ABSENT)) {
      return NOTHING;
    }
    throw new NetworkFailure(
        "nft " + String.join(" ", arguments) + ": " + result.stderr().strip(), null);
  }

  @Override
  public List<String> tables() {
    return nft.run("list", "tables")
        .lines()
        .map(line -> line.replaceFirst("^table ", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @Override
  public void deleteTable(String family, String name) {
    nft.runUnless(List.of(ABSENT), "delete", "table", family, name);
  }
}
