package dev.kapell.control.server;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An API server in memory with the namespace {@code default}. */
public final class MemoryServer implements AutoCloseable {
  private final Store store;
  private final ApiCore core;
  private final Client client;

  public MemoryServer() {
    this(MemoryStore.open(StoreOptions.defaults()));
  }

  /** On {@code store}, which it closes. */
  public MemoryServer(Store store) {
    this.store = store;
    core =
        ApiCore.open(
            new ApiCore.Needs(
                store,
                Clock.system(),
                Randomness.seeded(1),
                order -> {
                  throw new IllegalStateException("no tokens in this test");
                }));
    client = core.client(User.SYSTEM, "test");
    try {
      client.create(
          Types.NAMESPACE,
          Namespace.builder().metadata(ObjectMeta.builder().name("default").build()).build());
    } catch (ApiFailure e) {
      if (!e.isAlreadyExists()) {
        throw e;
      }
    }
  }

  public Client client() {
    return client;
  }

  public static ConfigMap map(String name, String value) {
    return ConfigMap.builder()
        .metadata(ObjectMeta.builder().namespace("default").name(name).build())
        .data(Map.of("value", value))
        .build();
  }

  public static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = Clock.system().nanoTime() + Duration.ofSeconds(15).toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds.getAsBoolean()) {
      if (Clock.system().nanoTime() > deadline || never.await(10, TimeUnit.MILLISECONDS)) {
        throw new AssertionError(what + " did not come true within 15 s");
      }
    }
  }

  @Override
  public void close() {
    core.close();
    store.close();
  }
}
