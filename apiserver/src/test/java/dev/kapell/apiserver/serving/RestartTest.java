package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.EndpointAddress;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ObjectKey;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  private static final ObjectKey KUBERNETES = new ObjectKey("default", "kubernetes");

  private final Store store = MemoryStore.open(StoreOptions.defaults());
  @TempDir private Path keys;

  private ApiServer start(int port, String address) throws IOException {
    return ApiServer.start(
        new ApiServerOptions(
            keys,
            "127.0.0.1",
            port,
            address,
            List.of(),
            store,
            Clock.system(),
            Randomness.secure(),
            Operations.defaults()));
  }

  private static Endpoints endpoints(ApiServer server) {
    return server.client(User.SYSTEM, "test").get(Types.ENDPOINTS, KUBERNETES);
  }

  @Test
  void aRestartLeavesWhatItFindsPublished() throws Exception {
    int port;
    Endpoints before;
    try (ApiServer first = start(0, "127.0.0.1")) {
      port = first.port();
      before = endpoints(first);
    }
    try (ApiServer again = start(port, "127.0.0.1")) {
      assertThat(endpoints(again)).isEqualTo(before);
    }
  }

  @Test
  void aRestartAtAnotherAddressIsPublished() throws Exception {
    int port;
    try (ApiServer first = start(0, "127.0.0.1")) {
      port = first.port();
    }
    try (ApiServer moved = start(port, "127.0.0.2")) {
      assertThat(endpoints(moved).subsets().getFirst().addresses())
          .extracting(EndpointAddress::ip)
          .containsExactly("127.0.0.2");
    }
  }
}
