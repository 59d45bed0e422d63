package dev.kapell.bench;

import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.apiserver.serving.ApiServerOptions;
import dev.kapell.apiserver.serving.Operations;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.http.Credentials;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An API server in this process with a store in memory, on a free port of loopback. */
public final class OwnServer implements AutoCloseable {
  private final Store store;
  private final ApiServer server;

  private OwnServer(Store store, ApiServer server) {
    this.store = store;
    this.server = server;
  }

  /** Starts one whose keys are in {@code folder}. */
  public static OwnServer start(Path folder, long seed, Operations operations) throws IOException {
    Store store = MemoryStore.open(StoreOptions.defaults());
    ApiServerOptions options =
        new ApiServerOptions(
            folder.resolve("pki"),
            "127.0.0.1",
            0,
            "127.0.0.1",
            List.of(),
            store,
            Clock.system(),
            Randomness.seeded(seed),
            operations);
    return new OwnServer(store, ApiServer.start(options));
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  /** Of somebody who may do everything. */
  public Credentials admin() throws IOException {
    return KubeconfigFile.read(server.adminKubeconfig());
  }

  @Override
  public void close() throws IOException {
    try (store) {
      server.close();
    }
  }
}
