package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.apiserver.request.WatchStream.Frame;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a list or a watch shows for each {@code resourceVersion} and how it is meant: the tables of
 * <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions">the
 * reference</a>.
 *
 * <p>{@code gone} is a revision whose history is forgotten, after {@code past} one object changed,
 * one was deleted and one made, {@code next} is the one that comes, {@code future} is far away.
 */
class RevisionsTest {
  private static final List<String> REVISIONS =
      List.of("unset", "0", "gone", "past", "now", "future");

  private static final String PAST = "a=old b c";
  private static final String NOW = "a=new b d";

  /** Of all pages together. */
  private static final String LISTS =
      """
      match        | limit | unset | 0    | gone | past | now  | future
                   |       | NOW   | NOW  | NOW  | NOW  | NOW  | 504
                   | 1     | NOW   | NOW  | 410  | PAST | NOW  | 504
      Exact        |       | 422   | 422  | 410  | PAST | NOW  | 504
      Exact        | 1     | 422   | 422  | 410  | PAST | NOW  | 504
      NotOlderThan |       | 422   | NOW  | NOW  | NOW  | NOW  | 504
      NotOlderThan | 1     | 422   | NOW  | NOW  | NOW  | NOW  | 504
      """;

  /** What comes before anything else changes; SINCE is what changed after {@code past}. */
  private static final String WATCHES =
      """
      match        | sendInitialEvents | unset   | 0       | gone    | past    | now     | future
                   |                   | STATE   | STATE   | 410     | SINCE   | NOTHING | NOTHING
                   | true              | 422     | 422     | 422     | 422     | 422     | 422
                   | false             | 422     | 422     | 422     | 422     | 422     | 422
      NotOlderThan |                   | 422     | 422     | 422     | 422     | 422     | 422
      NotOlderThan | true              | MARKED  | MARKED  | MARKED  | MARKED  | MARKED  | 504
      NotOlderThan | false             | NOTHING | NOTHING | 410     | SINCE   | NOTHING | NOTHING
      Exact        |                   | 422     | 422     | 422     | 422     | 422     | 422
      Exact        | true              | 422     | 422     | 422     | 422     | 422     | 422
      Exact        | false             | 422     | 422     | 422     | 422     | 422     | 422
      """;

  private final Api api = new Api();
  private final Api.Place configs = api.at("v1/configmaps");
  private String gone = "";
  private String past = "";

  @BeforeEach
  void history() throws InterruptedException {
    configs.create("{metadata: {name: a}, data: {is: old}}");
    gone = configs.list().resourceVersion();
    configs.create("metadata: {name: b}");
    configs.create("metadata: {name: c}");
    past = configs.list().resourceVersion();
    api.store.compact(Long.parseLong(past));
    configs.patch("a", "merge-patch", "data: {is: new}");
    configs.delete("c");
    configs.create("metadata: {name: d}");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static Stream<Arguments> rows(String table) {
    List<Arguments> rows = new ArrayList<>();
    for (String line : table.lines().skip(1).toList()) {
      String[] cells = line.split("\\|", -1);
      for (int i = 0; i < REVISIONS.size(); i++) {
        rows.add(
            Arguments.of(
                cells[0].strip(), cells[1].strip(), REVISIONS.get(i), cells[i + 2].strip()));
      }
    }
    return rows.stream();
  }

  static Stream<Arguments> lists() {
    return rows(LISTS);
  }

  static Stream<Arguments> watches() {
    return rows(WATCHES);
  }

  private Api.Place at(String revision) {
    String now = configs.list().resourceVersion();
    return switch (revision) {
      case "unset" -> configs;
      case "gone" -> configs.with("resourceVersion", gone);
      case "past" -> configs.with("resourceVersion", past);
      case "now" -> configs.with("resourceVersion", now);
      case "future" -> configs.with("resourceVersion", Long.toString(Long.parseLong(now) + 1000));
      default -> configs.with("resourceVersion", revision);
    };
  }

  private static Api.Place with(Api.Place place, String name, String value) {
    return value.isEmpty() ? place : place.with(name, value);
  }

  @ParameterizedTest(name = "match={0} limit={1} resourceVersion={2}: {3}")
  @MethodSource("lists")
  void aListShows(String match, String limit, String revision, String expected) {
    Api.Place place = with(at(revision), "resourceVersionMatch", match);
    String shown =
        switch (expected) {
          case "NOW" -> NOW;
          case "PAST" -> PAST;
          default -> expected;
        };
    assertThat(list(with(place, "limit", limit), limit)).isEqualTo(shown);
  }

  /** What all pages show, or the code of the refusal. */
  private String list(Api.Place first, String limit) {
    List<String> shown = new ArrayList<>();
    try {
      var page = first.list();
      while (true) {
        page.items().forEach(json -> shown.add(shown(Api.parse(json))));
        if (page.continueToken().isEmpty()) {
          return String.join(" ", shown);
        }
        page = with(configs, "limit", limit).with("continue", page.continueToken()).list();
      }
    } catch (ApiFailure e) {
      return Integer.toString(e.code());
    }
  }

  private static String shown(Obj config) {
    String value = config.child("data").text("is");
    return config.child("metadata").text("name") + (value.isEmpty() ? "" : "=" + value);
  }

  @ParameterizedTest(name = "match={0} sendInitialEvents={1} resourceVersion={2}: {3}")
  @MethodSource("watches")
  void aWatchBeginsWith(String match, String initial, String revision, String expected) {
    Api.Place place =
        with(with(at(revision), "resourceVersionMatch", match), "sendInitialEvents", initial);
    List<String> frames =
        switch (expected) {
          case "STATE" -> List.of("ADDED a=new", "ADDED b", "ADDED d");
          case "MARKED" -> List.of("ADDED a=new", "ADDED b", "ADDED d", "BOOKMARK true");
          case "SINCE" -> List.of("MODIFIED a=new", "DELETED c", "ADDED d");
          case "NOTHING" -> List.of();
          default -> List.of(expected);
        };
    assertThat(watch(place.with("allowWatchBookmarks", "true"))).isEqualTo(frames);
  }

  private static List<String> watch(Api.Place place) {
    List<String> frames = new ArrayList<>();
    try (WatchStream stream = place.watch().stream()) {
      for (Optional<Frame> each = stream.poll(); each.isPresent(); each = stream.poll()) {
        Obj object = Api.parse(each.get().object());
        frames.add(
            switch (each.get().type()) {
              case "ERROR" -> Long.toString(object.number("code", 0));
              case "BOOKMARK" ->
                  "BOOKMARK "
                      + object
                          .child("metadata")
                          .strings("annotations")
                          .get("k8s.io/initial-events-end");
              default -> each.get().type() + " " + shown(object);
            });
      }
    } catch (ApiFailure e) {
      frames.add(Integer.toString(e.code()));
    }
    return frames;
  }
}
