package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.client.ApiFailure;
import dev.kapell.store.Commit;
import dev.kapell.store.ForwardingStore;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens to a namespace between the admission of an object and its commit. */
class NamespaceHoldTest {
  /** Does something before the next configmap is written. */
  private static final class Interrupting extends ForwardingStore {
    private Runnable meanwhile = () -> {};

    Interrupting(Store store) {
      super(store);
    }

    @Override
    public Commit write(List<Op> transaction) throws InterruptedException {
      if (transaction.getFirst().key().table().equals("configmaps")) {
        Runnable now = meanwhile;
        meanwhile = () -> {};
        now.run();
      }
      return super.write(transaction);
    }
  }

  private static void create(Api api) {
    api.at("v1/configmaps").in("team").create("metadata: {name: late}");
  }

  @Test
  void nothingIsStoredInANamespaceThatWentMeanwhile() {
    try (Store memory = MemoryStore.open(StoreOptions.defaults())) {
      Interrupting store = new Interrupting(memory);
      Api api = new Api(store);
      api.at("v1/namespaces").create("metadata: {name: team}");
      store.meanwhile =
          () -> {
            api.at("v1/namespaces").delete("team");
            api.at("v1/namespaces")
                .sub("finalize")
                .patch("team", "merge-patch", "spec: {finalizers: []}");
          };
      assertThatThrownBy(() -> create(api))
          .isInstanceOf(ApiFailure.class)
          .hasMessageContaining("namespaces \"team\" not found");
      api.close();
    }
  }

  @Test
  void nothingIsStoredInANamespaceThatBeganToGoMeanwhile() {
    try (Store memory = MemoryStore.open(StoreOptions.defaults())) {
      Interrupting store = new Interrupting(memory);
      Api api = new Api(store);
      api.at("v1/namespaces").create("metadata: {name: team}");
      store.meanwhile = () -> api.at("v1/namespaces").delete("team");
      assertThatThrownBy(() -> create(api))
          .isInstanceOf(ApiFailure.class)
          .hasMessageContaining("because it is being terminated");
      api.close();
    }
  }

  @Test
  void aNamespaceThatOnlyChangedIsNoObstacle() {
    try (Store memory = MemoryStore.open(StoreOptions.defaults())) {
      Interrupting store = new Interrupting(memory);
      Api api = new Api(store);
      api.at("v1/namespaces").create("metadata: {name: team}");
      store.meanwhile =
          () -> api.at("v1/namespaces").patch("team", "merge-patch", "metadata: {labels: {a: b}}");
      create(api);
      assertThat(api.at("v1/configmaps").in("team").names()).containsExactly("late");
      api.close();
    }
  }
}
