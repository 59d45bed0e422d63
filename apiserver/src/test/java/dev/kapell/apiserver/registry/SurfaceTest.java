package dev.kapell.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import dev.kapell.store.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurfaceTest {
  private static final List<String> OWNERS = List.of("metadata", "spec", "status");
  private static final List<String> NAMES = List.of("a", "nodeName", "resourceVersions", "x\"y");

  private final Randomness randomness = Randomness.seeded(7);

  private int below(int bound) {
    return (int) Math.floorMod(randomness.uuid().getLeastSignificantBits(), (long) bound);
  }

  private Object value(int depth) {
    return switch (below(depth > 2 ? 5 : 7)) {
      case 0 -> "text with \" \\ } ] , : and é";
      case 1 -> (long) below(1000) - 500;
      case 2 -> true;
      case 3 -> 0.25;
      case 4 -> "";
      case 5 -> new ArrayList<>(List.of(value(depth + 1), value(depth + 1)));
      default -> tree(depth + 1);
    };
  }

  private Map<String, Object> tree(int depth) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = below(4); i > 0; i--) {
      tree.put(NAMES.get(below(NAMES.size())), value(depth));
    }
    return tree;
  }

  @Test
  void whatIsSetIsSetAndTheRestStays() {
    for (int round = 0; round < 2_000; round++) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("kind", "Pod");
      for (String owner : OWNERS) {
        if (owner.equals("metadata") || below(5) > 0) {
          tree.put(owner, tree(0));
        }
      }
      Surface surface = Surface.of(Wire.stamped(tree).bytes());
      for (String owner : OWNERS) {
        String member = NAMES.get(below(NAMES.size()));
        assertThat(surface.get(owner, member)).isEqualTo(Obj.root(tree).child(owner).get(member));
        if (tree.containsKey(owner)) {
          Object value = value(0);
          surface.put(owner, member, value);
          Obj.root(tree).child(owner).put(member, value);
          surface.put(owner, "new", 1L);
          Obj.root(tree).child(owner).put("new", 1L);
        }
      }
      Wire.Encoded encoded = surface.encoded();

      String before = new String(encoded.bytes(), StandardCharsets.UTF_8);
      Map<String, Object> now = stampedBy(encoded, "77");
      Obj.root(tree).child("metadata").put("resourceVersion", "77");
      assertThat(now).as("round %s: %s", round, before).isEqualTo(tree);
    }
  }

  private static Map<String, Object> stampedBy(Wire.Encoded encoded, String revision) {
    byte[] stamp =
        ("\"" + revision + "\"" + " ".repeat(Op.STAMP_LENGTH - 2 - revision.length()))
            .getBytes(StandardCharsets.UTF_8);
    System.arraycopy(stamp, 0, encoded.bytes(), encoded.stampAt(), stamp.length);
    return Wire.parse(encoded.bytes());
  }

  @Test
  void anOwnerThatIsMissingIsMade() {
    Surface surface = Surface.of(text("{\"kind\":\"Pod\",\"metadata\":{}}"));
    surface.put("status", "phase", "Pending");
    assertThat(Wire.parse(surface.encoded().bytes()))
        .containsEntry("status", Map.of("phase", "Pending"))
        .containsEntry("kind", "Pod");
  }

  /** Text that another hand has written has no room for a stamp until it is written anew. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"resourceVersion\":\"5\",\"name\":\"p\"},\"spec\":{}}",
        "{ \"metadata\" : { \"name\" : \"p\" } , \"spec\" : { } }",
        "{\"spec\":{},\"metadata\":{\"name\":\"p\",\"resourceVersion\":\"5\"}}",
      })
  void roomIsMadeForTheRevision(String text) {
    Surface surface = Surface.of(text(text));
    surface.put("spec", "nodeName", "n");
    Map<String, Object> now = stampedBy(surface.encoded(), "8");
    assertThat(now)
        .containsEntry("metadata", Map.of("name", "p", "resourceVersion", "8"))
        .containsEntry("spec", Map.of("nodeName", "n"));
  }

  @ParameterizedTest
  @CsvSource({"spec, nodeName, n", "spec, none, ''", "none, nodeName, ''", "spec, count, ''"})
  void textsAreRead(String owner, String member, String expected) {
    Surface surface = Surface.of(text("{\"spec\":{\"count\":3,\"nodeName\":\"n\"}}"));
    assertThat(surface.text(owner, member)).isEqualTo(expected);
    assertThat(surface.get("spec", "count")).isEqualTo(3L);
  }

  private static byte[] text(String json) {
    assertThat(JsonCodec.readTree(json.getBytes(StandardCharsets.UTF_8))).isNotNull();
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
