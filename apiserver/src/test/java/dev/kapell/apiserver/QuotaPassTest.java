package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Write;
import dev.kapell.store.Commit;
import dev.kapell.store.ForwardingStore;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes under one quota that are asked for together are judged in order, in one pass. */
class QuotaPassTest {
  /** Counts what is written alone, and does something before the first that is sent ahead. */
  private static final class Watching extends ForwardingStore {
    private final AtomicInteger alone = new AtomicInteger();
    private Runnable meanwhile = () -> {};

    Watching(Store store) {
      super(store);
    }

    @Override
    public CompletionStage<Commit> submit(List<Op> transaction) {
      Runnable now = meanwhile;
      meanwhile = () -> {};
      now.run();
      return super.submit(transaction);
    }

    @Override
    public Commit write(List<Op> transaction) throws InterruptedException {
      alone.incrementAndGet();
      return super.write(transaction);
    }
  }

  private final Store memory = MemoryStore.open(StoreOptions.defaults());
  private final Watching store = new Watching(memory);
  private final Api api = new Api(store);

  @AfterEach
  void close() {
    api.close();
    memory.close();
  }

  /** It is counted once when it is new, at the same time as others write. */
  private void quota(int configs) throws InterruptedException {
    api.at("v1/resourcequotas")
        .create("{metadata: {name: q}, spec: {hard: {configmaps: '" + configs + "'}}}");
    DefinitionChanges.await(api, "the quota counted", () -> !used().isEmpty());
    store.alone.set(0);
  }

  private String used() {
    return api.at("v1/resourcequotas").get("q").child("status").child("used").text("configmaps");
  }

  private static Write creating(String name) {
    return new Write.Create<>(
        Types.CONFIG_MAP,
        ConfigMap.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .build());
  }

  private static List<Write> creates(int count) {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      writes.add(creating("c" + i));
    }
    return writes;
  }

  private List<Optional<ApiFailure>> together(List<Write> writes) {
    return api.core.client(User.SYSTEM, "test").writeAll(writes);
  }

  private List<String> there() {
    return api
        .core
        .client(User.SYSTEM, "test")
        .list(Types.CONFIG_MAP, ListQuery.in("default"))
        .items()
        .stream()
        .map(map -> map.metadata().nameOr(""))
        .filter(name -> name.startsWith("c"))
        .toList();
  }

  @Test
  void theFirstThatFitAreMadeAndNothingIsDoneTwice() throws Exception {
    quota(5);
    List<Optional<ApiFailure>> refusals = together(creates(8));
    assertThat(refusals.subList(0, 5)).allMatch(Optional::isEmpty);
    assertThat(refusals.subList(5, 8))
        .allSatisfy(
            refusal ->
                assertThat(refusal.orElseThrow())
                    .hasMessageContaining(
                        "exceeded quota: q, requested: configmaps=1, used: configmaps=5, limited:"
                            + " configmaps=5"));
    assertThat(there()).containsExactly("c0", "c1", "c2", "c3", "c4");
    assertThat(used()).isEqualTo("5");
    assertThat(store.alone).hasValue(0);
  }

  @Test
  void whatIsDeletedTogetherGivesBackTogether() throws Exception {
    quota(9);
    together(creates(6));
    List<Write> deletes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ObjectKey key = new ObjectKey("default", "c" + i);
      deletes.add(new Write.Delete(Types.CONFIG_MAP, key, DeleteOptions.EMPTY));
    }
    assertThat(together(deletes)).allMatch(Optional::isEmpty);
    assertThat(used()).isEqualTo("2");
    assertThat(store.alone).hasValue(0);
  }

  @Test
  void oneWhoseNameIsTakenTakesNothing() throws Exception {
    api.at("v1/configmaps").create("metadata: {name: c1}");
    quota(4);
    List<Optional<ApiFailure>> refusals = together(creates(5));
    assertThat(refusals.get(1).orElseThrow().isAlreadyExists()).isTrue();
    assertThat(there()).containsExactly("c0", "c1", "c2", "c3");
    assertThat(used()).isEqualTo("4");
  }

  @Test
  void somebodyElsesWriteInBetweenCostsOnlyTime() throws Exception {
    quota(6);
    store.meanwhile = () -> api.at("v1/configmaps").create("metadata: {name: c-other}");
    assertThat(together(creates(5))).allMatch(Optional::isEmpty);
    assertThat(there()).hasSize(6);
    assertThat(used()).isEqualTo("6");
  }
}
