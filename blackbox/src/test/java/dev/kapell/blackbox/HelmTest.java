package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Helm itself, as a library, installs, tests, upgrades, rolls back and removes two charts. */
@SharesCluster
class HelmTest {
  private static final Path CHARTS = Path.of("src/test/charts");
  private static final int SECONDS = 120;

  @Test
  void aChartWithHooksIsInstalledTestedUpgradedAndRolledBack() throws InterruptedException {
    String namespace = "helm-shop";
    Helm shop = new Helm(CHARTS.resolve("shop"));
    Release installed =
        shop.install()
            .withName("shop")
            .withNamespace(namespace)
            .createNamespace()
            .withKubeConfig(Kapell.kubeconfig())
            .waitReady()
            .withTimeout(SECONDS)
            .call();
    assertThat(installed.getStatus()).isEqualTo("deployed");
    assertThat(get(namespace, "deploy/shop", "{.status.readyReplicas}")).isEqualTo("2");
    assertThat(hook(namespace, "pre-install")).contains("pre-install 1");
    assertThat(hook(namespace, "post-install")).contains("post-install 1");
    tests(namespace);

    Release upgraded = upgrade(shop, namespace).set("greeting", "hurrah").set("replicas", 1).call();
    assertThat(upgraded.getRevision()).isEqualTo("2");
    assertThat(get(namespace, "deploy/shop", "{.status.readyReplicas}")).isEqualTo("1");
    assertThat(hook(namespace, "post-upgrade")).contains("post-upgrade 2");
    tests(namespace);

    assertThatThrownBy(
            () ->
                upgrade(shop, namespace)
                    .reuseValues()
                    .set("image", "kapell.local/not-there:1")
                    .withTimeout(15)
                    .atomic()
                    .call())
        .hasMessageContaining("rolled back");
    assertThat(get(namespace, "deploy/shop", "{.spec.template.spec.containers[0].image}"))
        .isEqualTo("kapell.local/toolbox:1");
    assertThat(hook(namespace, "post-rollback")).contains("post-rollback");

    Helm.uninstall("shop").withNamespace(namespace).withKubeConfig(Kapell.kubeconfig()).call();
    Kapell.eventually(
        60,
        () ->
            assertThat(Kapell.kubectl("-n", namespace, "get", "deploy,svc", "-o", "name").ok())
                .isBlank());
    Kapell.kubectl("delete", "namespace", namespace, "--wait=false").ok();
  }

  @Test
  void aChartWithCustomResourcesIsInstalledAndUpgraded() {
    String namespace = "helm-garden";
    Helm garden = new Helm(CHARTS.resolve("garden"));
    garden
        .install()
        .withName("roof")
        .withNamespace(namespace)
        .createNamespace()
        .withKubeConfig(Kapell.kubeconfig())
        .call();
    assertThat(get(namespace, "plant/roof-fern", "{.spec.litres} {.spec.place}"))
        .isEqualTo("3 balcony");
    assertThat(Kapell.kubectl("-n", namespace, "get", "pl").ok()).contains("LITRES", "roof-fern");
    assertThat(
            Kapell.kubectl(
                    "-n",
                    namespace,
                    "auth",
                    "can-i",
                    "update",
                    "plants.garden.kapell.dev/status",
                    "--as=system:serviceaccount:" + namespace + ":roof-gardener")
                .ok())
        .contains("yes");

    upgrade(garden, "roof", namespace).set("litres", 5).call();
    assertThat(get(namespace, "plant/roof-fern", "{.spec.litres}")).isEqualTo("5");
    assertThat(get(namespace, "cm/roof-before", "{.data.litres}"))
        .as("what the template's lookup saw before the upgrade")
        .isEqualTo("3");
    assertThatThrownBy(() -> upgrade(garden, "roof", namespace).set("litres", 50).call())
        .hasMessageContaining("less than or equal to 10");

    Helm.uninstall("roof").withNamespace(namespace).withKubeConfig(Kapell.kubeconfig()).call();
    assertThat(Kapell.kubectl("-n", namespace, "get", "plants", "-o", "name").ok()).isBlank();
    Kapell.kubectl("delete", "crd", "plants.garden.kapell.dev").ok();
    Kapell.kubectl("delete", "namespace", namespace, "--wait=false").ok();
  }

  private static UpgradeCommand upgrade(Helm chart, String namespace) {
    return upgrade(chart, "shop", namespace).waitReady().withTimeout(SECONDS);
  }

  private static UpgradeCommand upgrade(Helm chart, String release, String namespace) {
    return chart
        .upgrade()
        .withName(release)
        .withNamespace(namespace)
        .withKubeConfig(Kapell.kubeconfig());
  }

  /** Runs the chart's own test, a pod that asks the Service by name. */
  private static void tests(String namespace) {
    Helm.test("shop")
        .withNamespace(namespace)
        .withKubeConfig(Kapell.kubeconfig())
        .withTimeout(SECONDS)
        .call();
    assertThat(get(namespace, "pod/shop-test", "{.status.phase}")).isEqualTo("Succeeded");
    Kapell.kubectl("-n", namespace, "delete", "pod", "shop-test").ok();
  }

  private static String hook(String namespace, String step) {
    return Kapell.kubectl("-n", namespace, "logs", "job/shop-" + step).ok();
  }

  private static String get(String namespace, String what, String path) {
    return Kapell.kubectl("-n", namespace, "get", what, "-o", "jsonpath=" + path).ok();
  }
}
