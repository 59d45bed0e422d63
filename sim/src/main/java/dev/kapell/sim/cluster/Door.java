package dev.kapell.sim.cluster;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Watch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How those outside reach whichever process serves now; 503 while none does. When a process dies
 * its watches end.
 */
final class Door extends ForwardingClient {
  private @Nullable Client open;
  private final List<Watch<?>> watches = new ArrayList<>();

  void open(Client to) {
    open = to;
  }

  void shut() {
    open = null;
    List.copyOf(watches).forEach(Watch::close);
    watches.clear();
  }

  @Override
  protected Client to() {
    if (open == null) {
      throw new ApiFailure(
          Status.builder()
              .status("Failure")
              .code(503)
              .reason("ServiceUnavailable")
              .message("nobody serves at present")
              .build());
    }
    return open;
  }

  @Override
  public <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion) {
    Watch<T> watch = super.watch(type, query, resourceVersion);
    watches.add(watch);
    return watch;
  }
}
