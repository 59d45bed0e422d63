package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ResourceQuota;
import dev.kapell.api.core.v1.ResourceQuotaSpec;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Made;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import dev.kapell.client.Write;
import dev.kapell.store.SqliteStore;
import dev.kapell.store.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records in, records out, on a real database. */
class LocalClientTest {
  @TempDir Path folder;

  private static ConfigMap config(String name) {
    return ConfigMap.builder()
        .metadata(ObjectMeta.builder().namespace("default").name(name).build())
        .data(Map.of("k", "v"))
        .build();
  }

  @Test
  void readsWritesAndWatches() throws InterruptedException {
    try (Api api = new Api(SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults()))) {
      Client client = api.core.client(User.SYSTEM, "test");
      ConfigMap made = client.create(Types.CONFIG_MAP, config("a"));
      ObjectKey key = ObjectKey.of(made);
      assertThat(client.get(Types.CONFIG_MAP, key)).isEqualTo(made);
      var listing = client.list(Types.CONFIG_MAP, ListQuery.in("default"));
      assertThat(listing.items()).containsExactly(made);

      var watch =
          client.watch(Types.CONFIG_MAP, ListQuery.in("default"), listing.resourceVersion());
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () ->
                      client.patch(Types.CONFIG_MAP, key, Patch.merge("{\"data\":{\"k\":\"w\"}}")));
      assertThat(watch.next())
          .isInstanceOfSatisfying(
              WatchEvent.Modified.class,
              event -> assertThat(((ConfigMap) event.object()).data()).containsEntry("k", "w"));
      writer.join();
      client.delete(Types.CONFIG_MAP, key, DeleteOptions.EMPTY);
      assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
      watch.close();
      assertThatThrownBy(watch::next).isInstanceOf(WatchClosedException.class);
      assertThat(client.find(Types.CONFIG_MAP, key)).isEmpty();
      assertThatThrownBy(() -> client.update(Types.CONFIG_MAP, made))
          .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.isNotFound()).isTrue());
    }
  }

  @Test
  void ofWritesTogetherEachSucceedsOrFailsOnItsOwn() {
    try (Api api = new Api(SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults()))) {
      Client client = api.core.client(User.SYSTEM, "test");
      client.create(Types.CONFIG_MAP, config("goes"));
      ObjectKey goes = new ObjectKey("default", "goes");
      List<Optional<ApiFailure>> refusals =
          client.writeAll(
              List.of(
                  new Write.Create<>(Types.CONFIG_MAP, config("a")),
                  new Write.Create<>(Types.CONFIG_MAP, config("a")),
                  new Write.Create<>(Types.CONFIG_MAP, config("NOT A NAME")),
                  new Write.Delete(Types.CONFIG_MAP, goes, DeleteOptions.EMPTY),
                  new Write.Delete(Types.CONFIG_MAP, goes, DeleteOptions.EMPTY),
                  new Write.Create<>(Types.CONFIG_MAP, config("b"))));
      assertThat(refusals)
          .extracting(refusal -> refusal.map(ApiFailure::reason).orElse(""))
          .containsExactly("", "AlreadyExists", "Invalid", "", "NotFound", "");
      assertThat(client.list(Types.CONFIG_MAP, ListQuery.in("default")).items())
          .extracting(map -> map.metadata().name())
          .contains("a", "b")
          .doesNotContain("goes");
    }
  }

  @Test
  void ofCreatesTogetherEachTellsWhatWasStored() {
    try (Api api = new Api(SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults()))) {
      Client client = api.core.client(User.SYSTEM, "test");
      client.create(Types.CONFIG_MAP, config("taken"));
      ConfigMap unnamed =
          ConfigMap.builder()
              .metadata(ObjectMeta.builder().namespace("default").generateName("some-").build())
              .build();
      List<Made<ConfigMap>> made =
          client.createAll(
              Types.CONFIG_MAP, List.of(config("new"), config("taken"), unnamed, unnamed));
      assertThat(made).hasSize(4);
      assertThat(made.get(1))
          .isInstanceOfSatisfying(
              Made.Refused.class,
              refused -> assertThat(refused.failure().isAlreadyExists()).isTrue());
      List<ConfigMap> stored = new ArrayList<>();
      for (Made<ConfigMap> each : made) {
        if (each instanceof Made.Done<ConfigMap>(ConfigMap object)) {
          stored.add(object);
          assertThat(client.get(Types.CONFIG_MAP, ObjectKey.of(object))).isEqualTo(object);
        }
      }
      assertThat(stored).extracting(map -> map.metadata().name()).doesNotHaveDuplicates();
      assertThat(stored.getFirst().metadata().name()).isEqualTo("new");
      assertThat(stored.subList(1, 3))
          .allMatch(map -> map.metadata().nameOr("").startsWith("some-"));
    }
  }

  @Test
  void writesTogetherDoNotExceedAQuotaTogether() {
    try (Api api = new Api(SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults()))) {
      Client client = api.core.client(User.SYSTEM, "test");
      int there = client.list(Types.CONFIG_MAP, ListQuery.in("default")).items().size();
      client.create(
          Types.RESOURCE_QUOTA,
          ResourceQuota.builder()
              .metadata(ObjectMeta.builder().namespace("default").name("two").build())
              .spec(
                  ResourceQuotaSpec.builder()
                      .hard(Map.of("configmaps", Quantity.ofMilli((there + 2) * 1000L)))
                      .build())
              .build());
      List<Write> writes = new ArrayList<>();
      for (String name : List.of("a", "b", "c", "d")) {
        writes.add(new Write.Create<>(Types.CONFIG_MAP, config(name)));
      }
      assertThat(client.writeAll(writes))
          .extracting(refusal -> refusal.map(ApiFailure::reason).orElse(""))
          .containsExactlyInAnyOrder("", "", "Forbidden", "Forbidden");
    }
  }

  @Test
  void theLabelsOfADeploymentDoNotChangeWithItsStatus() {
    try (Api api = new Api(SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults()))) {
      Client client = api.core.client(User.SYSTEM, "test");
      Map<String, String> labels = Map.of("app", "web");
      Container container = Container.builder().name("web").image("web:1").build();
      Deployment made =
          client.create(
              Types.DEPLOYMENT,
              Deployment.builder()
                  .metadata(
                      ObjectMeta.builder().namespace("default").name("web").labels(labels).build())
                  .spec(
                      DeploymentSpec.builder()
                          .selector(LabelSelector.builder().matchLabels(labels).build())
                          .template(
                              PodTemplateSpec.builder()
                                  .metadata(ObjectMeta.builder().labels(labels).build())
                                  .spec(PodSpec.EMPTY.withContainers(List.of(container)))
                                  .build())
                          .build())
                  .build());
      Deployment told =
          client.updateStatus(
              Types.DEPLOYMENT,
              made.withMetadata(made.metadata().withLabels(Map.of("app", "other")))
                  .withStatus(made.status().withReplicas(1)));
      assertThat(told.status().replicas()).isEqualTo(1);
      assertThat(told.metadata().labels()).isEqualTo(labels);
    }
  }

  @Test
  void makesTheServiceOfTheApiServerAnewWhenItIsDeleted() throws InterruptedException {
    try (Api api = new Api(SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults()))) {
      api.core.publish("192.0.2.1", 6443);
      Client client = api.core.client(User.SYSTEM, "test");
      ObjectKey key = new ObjectKey("default", "kubernetes");
      for (ResourceType<?> type :
          List.of(Types.SERVICE, Types.ENDPOINTS, Types.ENDPOINT_SLICE, Types.SERVICE)) {
        returns(client, type, key);
      }
    }
  }

  private static <T extends ApiObject> void returns(
      Client client, ResourceType<T> type, ObjectKey key) throws InterruptedException {
    ListQuery query = ListQuery.in("default").fields("metadata.name=kubernetes");
    String from = client.list(type, query).resourceVersion();
    try (var watch = client.watch(type, query, from)) {
      client.delete(type, key, DeleteOptions.EMPTY);
      assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
      assertThat(watch.next()).isInstanceOf(WatchEvent.Added.class);
    }
  }
}
