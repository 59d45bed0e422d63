package dev.kapell.control.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.server.MemoryServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CacheTest {
  private static final Index.Keys<ConfigMap, String> BY_VALUE =
      map -> List.of(map.data().getOrDefault("value", ""));

  private final MemoryServer server = new MemoryServer();
  private final Client client = server.client();
  private final Caches caches = new Caches(client, Clock.system());
  private Cache<ConfigMap> cache;

  @BeforeEach
  void start() throws InterruptedException {
    client.create(Types.CONFIG_MAP, MemoryServer.map("early", "x"));
    cache = caches.of(Types.CONFIG_MAP);
    assertThat(cache.awaitSynced(Duration.ofSeconds(10))).isTrue();
  }

  @AfterEach
  void stop() {
    caches.close();
    server.close();
  }

  @Test
  void oneTypeHasOneCache() {
    assertThat(caches.of(Types.CONFIG_MAP)).isSameAs(cache);
    assertThat(caches.of(Types.CONFIG_MAP, ListQuery.in("default"))).isNotSameAs(cache);
  }

  @Test
  void handlersHearWhatIsThereAndThenEveryChangeInOrder() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    cache.onChange(
        (before, after) ->
            heard.add(
                (before == null ? "-" : before.data().get("value"))
                    + ">"
                    + (after == null ? "-" : after.data().get("value"))));
    ConfigMap made = client.create(Types.CONFIG_MAP, MemoryServer.map("a", "1"));
    client.update(Types.CONFIG_MAP, made.withData(Map.of("value", "2")));
    client.delete(Types.CONFIG_MAP, key("a"), DeleteOptions.builder().build());
    MemoryServer.await("three changes", () -> heard.size() == 4);
    assertThat(heard).containsExactly("->x", "->1", "1>2", "2>-");
  }

  @Test
  void anIndexFollowsEveryChange() throws Exception {
    Index<ConfigMap, String> index = cache.index(BY_VALUE);
    assertThat(index.get("x")).hasSize(1);
    ConfigMap early = cache.find(key("early")).orElseThrow();
    client.update(Types.CONFIG_MAP, early.withData(Map.of("value", "y")));
    MemoryServer.await("the index", () -> index.count("y") == 1);
    assertThat(index.get("x")).isEmpty();
    assertThat(cache.index(BY_VALUE)).isSameAs(index);
  }

  @Test
  void whatIsWrittenIsReadAtOnceAndALateReportBringsNothingBack() throws Exception {
    ConfigMap made = client.create(Types.CONFIG_MAP, MemoryServer.map("own", "1"));
    cache.written(made);
    assertThat(cache.find(key("own"))).contains(made);
    client.delete(Types.CONFIG_MAP, key("own"), DeleteOptions.builder().build());
    client.create(Types.CONFIG_MAP, MemoryServer.map("marker", "1"));
    MemoryServer.await("the marker", () -> cache.find(key("marker")).isPresent());
    assertThat(cache.find(key("own"))).isEmpty();
    cache.written(made);
    assertThat(cache.find(key("own"))).as("a report from before the deletion").isEmpty();
  }

  @Test
  void anAcceptedDeletionShowsAtOnceAndOutlastsOlderReports() {
    Cache<ConfigMap> alone = new Cache<>(Types.CONFIG_MAP, ListQuery.ALL);
    ConfigMap first = versioned("1");
    alone.replaceAll(new Listing<>(List.of(first), "1"));
    alone.deleted(key("a"), "uid-a", Instant.EPOCH);
    assertThat(alone.find(key("a")).orElseThrow().metadata().deletionTimestamp()).isNotNull();
    alone.told(versioned("2"));
    assertThat(alone.find(key("a")).orElseThrow().metadata().deletionTimestamp())
        .as("a change from before the deletion")
        .isNotNull();
    alone.toldGone(versioned("3"));
    assertThat(alone.find(key("a"))).isEmpty();
  }

  private static ConfigMap versioned(String revision) {
    ConfigMap map = MemoryServer.map("a", revision);
    return map.withMetadata(map.metadata().withUid("uid-a").withResourceVersion(revision));
  }

  @Test
  void afterAThousandRandomWritesItHoldsWhatTheServerHolds() throws Exception {
    Randomness random = Randomness.seeded(42);
    Map<String, String> expected = new HashMap<>(Map.of("early", "x"));
    for (int i = 0; i < 1_000; i++) {
      String name = "m" + random.nextInt(40);
      if (!expected.containsKey(name)) {
        client.create(Types.CONFIG_MAP, MemoryServer.map(name, "" + i));
        expected.put(name, "" + i);
      } else if (random.nextInt(3) == 0) {
        client.delete(Types.CONFIG_MAP, key(name), DeleteOptions.builder().build());
        expected.remove(name);
      } else {
        client.update(Types.CONFIG_MAP, MemoryServer.map(name, "" + i));
        expected.put(name, "" + i);
      }
    }
    MemoryServer.await("the same contents", () -> contents().equals(expected));
  }

  private Map<String, String> contents() {
    Map<String, String> contents = new HashMap<>();
    cache
        .in("default")
        .forEach(m -> contents.put(m.metadata().nameOr(""), m.data().getOrDefault("value", "")));
    return contents;
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }
}
