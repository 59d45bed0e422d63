package dev.kapell.apiserver.fields;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered of former writes changes nothing: histories of pods, from seeds. */
class KnownFieldsTest {
  private static final Shape POD = new BuiltinShapes().of("core.v1.Pod");
  private static final Part STATUS = Part.without("spec", "metadata.ownerReferences");
  private static final Part REST = Part.without("status");
  private static final int HISTORIES = 60;
  private static final int WRITES = 12;

  private static final Versions ONE_VERSION =
      new Versions() {
        @Override
        public Map<String, Object> empty() {
          return Obj.tree("spec", Obj.tree(), "status", Obj.tree());
        }

        @Override
        public Optional<Shape> shape(String apiVersion) {
          return apiVersion.equals("v1") ? Optional.of(POD) : Optional.empty();
        }

        @Override
        public Map<String, Object> convert(Map<String, Object> object, String apiVersion) {
          return object;
        }
      };

  private final KnownFields shared = new KnownFields();

  /** A pod whose parts come and go, with values from a small stock so that writes recur. */
  private static final class Draw {
    private final Random random;

    Draw(long seed) {
      random = new Random(seed);
    }

    String of(String... stock) {
      return stock[random.nextInt(stock.length)];
    }

    boolean is(int percent) {
      return random.nextInt(100) < percent;
    }

    private void may(Obj object, String field, Object value) {
      if (is(70)) {
        object.put(field, value);
      }
    }

    Obj spec() {
      Obj spec = Obj.root(new LinkedHashMap<>());
      may(spec, "nodeName", of("n1", "n2"));
      may(spec, "nodeSelector", Obj.tree("disk", of("ssd", "hdd")));
      List<Object> containers = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        if (is(60)) {
          Obj container = Obj.root(Obj.tree("name", name, "image", of("x:1", "x:2")));
          may(container, "args", new ArrayList<Object>(List.of(of("-v", "-q"))));
          List<Object> ports = new ArrayList<>();
          ports.add(Obj.tree("containerPort", 80L, "protocol", of("TCP", "UDP")));
          ports.add(Obj.tree("containerPort", is(50) ? 443L : 80L));
          may(container, "ports", ports);
          containers.add(container.map());
        }
      }
      return spec.put("containers", containers);
    }

    Obj status() {
      Obj status = Obj.root(new LinkedHashMap<>());
      may(status, "phase", of("Pending", "Running"));
      String address = "10.0.0." + random.nextInt(200);
      may(status, "podIP", address);
      may(status, "podIPs", new ArrayList<Object>(List.of(Obj.tree("ip", address))));
      List<Object> conditions = new ArrayList<>();
      for (String type : List.of("Ready", "PodScheduled", "Initialized", "example.com/x")) {
        if (is(70)) {
          Obj condition = Obj.root(Obj.tree("type", type, "status", of("True", "False")));
          may(condition, "reason", of("A", "B"));
          conditions.add(condition.map());
        }
      }
      may(status, "conditions", conditions);
      may(status, "containerStatuses", new ArrayList<Object>(List.of(Obj.tree("name", "a"))));
      return status;
    }

    void metadata(Obj pod) {
      Obj metadata = pod.make("metadata");
      metadata.put("name", "p");
      may(metadata, "labels", Obj.tree("app", of("web", "db"), of("x", "y"), "1"));
      may(metadata, "finalizers", new ArrayList<Object>(List.of(of("a/b", "c/d"), "e/f")));
      may(
          metadata,
          "ownerReferences",
          new ArrayList<Object>(List.of(Obj.tree("uid", of("u1", "u2"), "name", "rs"))));
    }
  }

  private static Ownership ownership(KnownFields known, Part part, int second) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second);
    return new Ownership("v1", part, ONE_VERSION, known, now);
  }

  private static String json(Object entries) {
    return new String(JsonCodec.writeTree(entries), StandardCharsets.UTF_8);
  }

  private static Obj copy(Obj object) {
    return Obj.root(Trees.copy(object.map()));
  }

  private static void remember(Obj pod, List<Object> entries) {
    pod.make("metadata").put("managedFields", entries);
  }

  /** The next write of a history, both with what is known and without. */
  private Obj next(Draw draw, Obj pod, int second) {
    boolean status = draw.is(60);
    Obj next = copy(pod);
    if (status) {
      next.put("status", draw.status().map());
    } else {
      next.put("spec", draw.spec().map());
      draw.metadata(next);
    }
    Part part = status ? STATUS : REST;
    String subresource = status ? "status" : "";
    Manager manager = Manager.updater(draw.of("one", "two", "three"), "v1", subresource);
    List<Object> entries = ownership(shared, part, second).updated(copy(pod), copy(next), manager);
    assertThat(json(entries))
        .isEqualTo(
            json(
                ownership(new KnownFields(), part, second)
                    .updated(copy(pod), copy(next), manager)));
    remember(next, entries);
    return next;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aWriteLeavesTheSameOwnersWhetherOrNotOneLikeItCameBefore(long seed) {
    for (int history = 0; history < HISTORIES; history++) {
      Draw draw = new Draw(1_000 * seed + history);
      Obj pod = Obj.root(Obj.tree("apiVersion", "v1", "kind", "Pod", "spec", draw.spec().map()));
      draw.metadata(pod);
      Manager creator = Manager.updater("creator", "v1", "");
      List<Object> made = ownership(shared, REST, 0).created(copy(pod), creator);
      assertThat(json(made))
          .isEqualTo(json(ownership(new KnownFields(), REST, 0).created(copy(pod), creator)));
      remember(pod, made);
      for (int write = 1; write <= WRITES; write++) {
        pod = next(draw, pod, write / 3);
      }
    }
  }

  @Test
  void whatAWriterDoesToItsEntriesIsNotRemembered() {
    Obj pod =
        Obj.root(Obj.tree("apiVersion", "v1", "kind", "Pod", "spec", new Draw(1).spec().map()));
    Manager creator = Manager.updater("creator", "v1", "");
    String first = json(ownership(shared, REST, 0).created(copy(pod), creator));
    for (int again = 0; again < 3; again++) {
      List<Object> entries = ownership(shared, REST, 0).created(copy(pod), creator);
      assertThat(json(entries)).isEqualTo(first);
      Obj.root(Obj.tree("all", entries)).items("all").getFirst().child("fieldsV1").map().clear();
    }
  }
}
