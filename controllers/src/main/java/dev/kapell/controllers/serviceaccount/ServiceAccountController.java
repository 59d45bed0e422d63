package dev.kapell.controllers.serviceaccount;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.time.Instant;
import java.util.Optional;

/** Makes the service account {@code default} in every namespace, and again when it is deleted. */
public final class ServiceAccountController
    implements Planner<String, ServiceAccountController.Seen> {
  private static final String NAME = "default";

  /** A namespace and its default account. */
  record Seen(Namespace namespace, Optional<ServiceAccount> account) {}

  private final Cache<Namespace> namespaces;
  private final Cache<ServiceAccount> accounts;

  private ServiceAccountController(LoopContext context) {
    this.namespaces = context.caches().of(Types.NAMESPACE);
    this.accounts = context.caches().of(Types.SERVICE_ACCOUNT);
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context, int workers) {
    ServiceAccountController controller = new ServiceAccountController(context);
    ControlLoop<String> loop = context.planned("serviceaccount", controller);
    controller.namespaces.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    controller.accounts.onChange(
        (before, after) -> {
          if (after == null && before != null && before.metadata().nameOr("").equals(NAME)) {
            loop.add(before.metadata().namespaceOr(""));
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<Seen> observe(String name) {
    return namespaces
        .find(ObjectKey.cluster(name))
        .map(namespace -> new Seen(namespace, accounts.find(new ObjectKey(name, NAME))));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen);
  }

  /** Creates what is missing, unless the namespace is going. */
  static Plan decideFor(Seen seen) {
    if (seen.account().isPresent() || seen.namespace().metadata().deletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    ServiceAccount account =
        ServiceAccount.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(NAME)
                    .namespace(seen.namespace().metadata().name())
                    .build())
            .build();
    return Plan.of(
        Change.create(Types.SERVICE_ACCOUNT, account, "a namespace without its default account"));
  }
}
