package dev.kapell.network.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.network.nft.NftTable.Chain;
import dev.kapell.network.rooms.Rooms;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NftScriptTest {
  private static final String NAME = "ip kapell";

  private static NftTable.Builder frame() {
    return new NftTable.Builder()
        .map("services", "type ipv4_addr . inet_proto . inet_service : verdict;")
        .set("hairpin", "type ipv4_addr . ipv4_addr;")
        .chain("in", new Chain("type nat hook prerouting priority dstnat;", List.of("accept")));
  }

  private static NftTable with(String... chains) {
    NftTable.Builder table = frame();
    for (String chain : chains) {
      table.chain(chain, Chain.of("meta l4proto tcp dnat ip to 10.42.0.2:80"));
      table.claim("services", "10.43.0.1 . tcp . " + (chains.length + 79), "goto " + chain);
    }
    return table.build();
  }

  @Test
  void equalTablesNeedNoScript() {
    assertThat(NftScript.difference(NAME, with("a"), with("a"))).isEmpty();
  }

  @Test
  void aChangeNamesOnlyWhatChanged() {
    NftTable before = frame().chain("a", Chain.of("accept")).chain("b", Chain.of("accept")).build();
    NftTable after = frame().chain("a", Chain.of("drop")).chain("b", Chain.of("accept")).build();
    assertThat(NftScript.difference(NAME, before, after))
        .isEqualTo("flush chain ip kapell a\nadd rule ip kapell a drop\n");
  }

  @Test
  void anotherDefinitionUnderTheSameNameIsABug() {
    NftTable before = new NftTable.Builder().set("s", "type ipv4_addr;").build();
    NftTable after = new NftTable.Builder().set("s", "type ether_addr;").build();
    assertThatThrownBy(() -> NftScript.difference(NAME, before, after))
        .hasMessageContaining("another name");
  }

  @Test
  void theKernelTakesEveryDifferenceBetweenRandomTables() throws Exception {
    Assumptions.assumeTrue(Rooms.possible(), "needs root and nft");
    long seed = 20261121;
    Random random = new Random(seed);
    try (Rooms rooms = Rooms.open(0)) {
      NftTable applied = random(random);
      String first = NftScript.replace(NAME, applied);
      rooms.in("node", () -> Rooms.run("nft -f -", first));
      for (int i = 0; i < 40; i++) {
        NftTable next = random(random);
        String script = NftScript.difference(NAME, applied, next);
        rooms.in("node", () -> Rooms.run("nft -f -", script));
        String listed = rooms.in("node", () -> Rooms.run("nft list table ip kapell"));
        String fresh = NftScript.replace(NAME, next);
        rooms.in("node", () -> Rooms.run("nft -f -", fresh));
        String expected = rooms.in("node", () -> Rooms.run("nft list table ip kapell"));
        assertThat(sorted(listed)).as("round %d of seed %d", i, seed).isEqualTo(sorted(expected));
        applied = next;
      }
      String remove = NftScript.remove(NAME);
      rooms.in("node", () -> Rooms.run("nft -f -", remove));
      assertThat(rooms.in("node", () -> Rooms.run("nft list ruleset"))).isBlank();
    }
  }

  /** Sets and chains are listed in the order in which they were made: compare them as lines. */
  private static List<String> sorted(String listing) {
    return listing
        .lines()
        .flatMap(line -> List.of(line.split("[,{}=]")).stream())
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .sorted()
        .toList();
  }

  private static NftTable random(Random random) {
    NftTable.Builder table = frame();
    for (int i = 0; i < 8; i++) {
      if (random.nextBoolean()) {
        table.set("aff-" + i, "type ipv4_addr; flags dynamic,timeout; size 65535; timeout 60s;");
        table.chain("ep-" + i, Chain.of("update @aff-" + i + " { ip saddr }"));
        table.chain("svc-" + i, Chain.of("ip saddr @aff-" + i + " goto ep-" + i));
      } else {
        table.chain(
            "svc-" + i,
            Chain.of(
                "meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.42.0."
                    + (random.nextInt(250) + " . 80, 1 : 10.42.0.9 . 80 }")));
      }
      table.claim("services", "10.43.0.1 . tcp . " + i, "goto svc-" + random.nextInt(i + 1));
      String pod = "10.42.0." + random.nextInt(4);
      table.element("hairpin", pod + " . " + pod);
    }
    return table.build();
  }
}
