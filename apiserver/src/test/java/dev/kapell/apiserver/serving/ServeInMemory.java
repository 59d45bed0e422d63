package dev.kapell.apiserver.serving;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A server on a memory store, to try clients on by hand: {@code ServeInMemory DIRECTORY PORT}. */
final class ServeInMemory {
  private ServeInMemory() {}

  public static void main(String[] arguments) throws Exception {
    ApiServer server =
        ApiServer.start(
            new ApiServerOptions(
                Path.of(arguments[0]),
                "127.0.0.1",
                Integer.parseInt(arguments[1]),
                "127.0.0.1",
                List.of(),
                MemoryStore.open(StoreOptions.defaults()),
                Clock.system(),
                Randomness.secure()));
    System.out.println(server.adminKubeconfig());
    new CountDownLatch(1).await();
  }
}
