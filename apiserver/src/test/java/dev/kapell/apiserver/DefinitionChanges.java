package dev.kapell.apiserver;

import java.util.function.BooleanSupplier;

/** What follows a change of a definition a moment later. */
final class DefinitionChanges {
  private static final String DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

  private DefinitionChanges() {}

  /** Waits, as long as definitions have changes to tell, until {@code condition} holds. */
  static void await(Api api, BooleanSupplier condition) {
    await(api, "what follows the change", condition);
  }

  /** The same, for a failure that names {@code what}. */
  static void await(Api api, String what, BooleanSupplier condition) {
    StoreChanges.await(api, DEFINITIONS, what, condition);
  }

  /** The definition of Things of one version, with this schema of the whole. */
  static String things(String subresources, String root) {
    return """
        metadata: {name: things.example.com}
        spec:
          group: example.com
          scope: Cluster
          names: {plural: things, kind: Thing}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {%s}
            schema: {openAPIV3Schema: {type: object, %s}}
        """
        .formatted(subresources, root);
  }

  /** Makes {@code change} of a definition, and waits until it is served. */
  static void served(Api api, String what, Runnable change) {
    long before = api.core.pipeline().catalog().generation();
    change.run();
    await(api, what, () -> api.core.pipeline().catalog().generation() > before);
  }
}
