package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a namespace gets, and how it goes. */
class NamespacesTest extends ClusterTest {
  @Test
  void aNamespaceGetsItsAccountAndTheAuthority() throws Exception {
    await(
        "the default account",
        () -> client.find(Types.SERVICE_ACCOUNT, key("default")).isPresent());
    await(
        "the authority", () -> client.find(Types.CONFIG_MAP, key("kube-root-ca.crt")).isPresent());
  }

  @Test
  void everyNamespaceHearsAtOnceOfAnAuthorityThatWasSignedAnew() throws Exception {
    await("the old one", () -> published("default").equals("the authority"));
    renewAuthority("the same, signed anew");
    for (String namespace : List.of("default", "kube-system")) {
      await("the new one", () -> published(namespace).equals("the same, signed anew"));
    }
  }

  private String published(String namespace) {
    return client
        .find(Types.CONFIG_MAP, new ObjectKey(namespace, "kube-root-ca.crt"))
        .map(map -> map.data().getOrDefault("ca.crt", ""))
        .orElse("");
  }

  @Test
  void aNamespaceIsEmptiedBeforeItGoes() throws Exception {
    createNamespace("shop");
    await(
        "its account",
        () -> client.find(Types.SERVICE_ACCOUNT, new ObjectKey("shop", "default")).isPresent());
    client.delete(Types.NAMESPACE, ObjectKey.cluster("shop"), DeleteOptions.builder().build());
    await(
        "the namespace is gone",
        () -> client.find(Types.NAMESPACE, ObjectKey.cluster("shop")).isEmpty());
    assertThat(client.list(Types.SERVICE_ACCOUNT, ListQuery.in("shop")).items()).isEmpty();
  }
}
