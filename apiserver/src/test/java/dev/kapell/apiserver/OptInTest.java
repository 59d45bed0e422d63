package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.admission.OptIn;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.authorization.RoleCache;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.base.Randomness;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins of admission that work only when asked for. */
class OptInTest {
  private static final String SERVICE =
      "{metadata: {name: new}, spec: {ports: [{port: 80}], externalIPs: [192.0.2.3]}}";
  private static final String DENIED = "Use of external IPs is denied by admission control.";

  /** CVE-2020-8554: who may write Services caught the traffic of others. */
  @Test
  void noServiceTakesAddressesThatNobodyGaveIt() {
    Store store = MemoryStore.open(StoreOptions.defaults());
    try (Api api = new Api(store, Set.of(OptIn.DENY_SERVICE_EXTERNAL_IPS))) {
      before(api);
      Api.Place services = api.at("v1/services");
      assertThatThrownBy(() -> services.create(SERVICE))
          .hasMessage("services \"new\" is forbidden: " + DENIED);
      assertThatThrownBy(
              () -> services.patch("old", "merge-patch", "{spec: {externalIPs: [192.0.2.3]}}"))
          .hasMessageContaining(DENIED);
      assertThat(
              services
                  .patch("old", "merge-patch", "{spec: {externalIPs: [192.0.2.2]}}")
                  .child("spec")
                  .texts("externalIPs"))
          .containsExactly("192.0.2.2");
      services.create("{metadata: {name: plain}, spec: {ports: [{port: 80}]}}");
    }
  }

  @Test
  void whoTiesObjectsToOwnersNeedsRightsOnBoth() {
    String map =
        "{metadata: {name: %s, ownerReferences: [{apiVersion: %s, kind: %s, name: o, uid: u,"
            + " blockOwnerDeletion: %s}]}}";
    try (Api api =
        new Api(MemoryStore.open(StoreOptions.defaults()), Set.of(OptIn.OWNER_REFERENCE_RIGHTS))) {
      RoleCache roles = new RoleCache(api.core.client(User.SYSTEM, "test"), api.clock);
      api.core.authorizeBy(new Authorizer(roles, List.of(OptInTest::judge)));
      Api.Place ann = api.at("v1/configmaps").as("ann");
      Api.Place bob = api.at("v1/configmaps").as("bob");
      ann.create("{metadata: {name: free}}");
      assertThatThrownBy(() -> ann.create(map.formatted("a", "v1", "Secret", "false")))
          .hasMessage(
              "configmaps \"a\" is forbidden: cannot set an ownerRef on a resource you can't delete:"
                  + " , <nil>");
      bob.create(map.formatted("b", "v1", "Secret", "false"));
      bob.create(map.formatted("c", "v1", "Node", "true"));
      assertThatThrownBy(
              () -> bob.patch("b", "merge-patch", map.formatted("b", "v1", "Secret", "true")))
          .hasMessageContaining(
              "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set"
                  + " finalizers on: , <nil>");
      assertThatThrownBy(() -> bob.create(map.formatted("d", "example.com/v1", "Thing", "true")))
          .hasMessageContaining("cannot find RESTMapping for APIVersion example.com/v1 Kind Thing");
      ann.patch("b", "merge-patch", "{data: {a: b}}");
      api.at("v1/configmaps").create(map.formatted("e", "v1", "Secret", "true"));
    }
  }

  /** Bob may delete, and set the finalizers of nodes. */
  private static Decision judge(User user, Action action) {
    String resource = action.target().map(Target::resource).orElse("");
    boolean finalizes =
        action.verb().equals("update")
            && resource.equals("nodes")
            && action.target().orElseThrow().namespace().isEmpty();
    return user.name().equals("bob") && (action.verb().equals("delete") || finalizes)
        ? Decision.allow("")
        : Decision.noOpinion("");
  }

  /** A Service of the time before the plugin worked. */
  private static void before(Api api) {
    ApiCore.Needs needs =
        new ApiCore.Needs(
            api.store,
            api.clock,
            Randomness.seeded(8),
            order -> {
              throw new UnsupportedOperationException();
            });
    try (ApiCore core = ApiCore.open(needs)) {
      core.client(User.SYSTEM, "test")
          .create(
              Types.SERVICE,
              Service.builder()
                  .metadata(ObjectMeta.builder().name("old").namespace("default").build())
                  .spec(
                      ServiceSpec.builder()
                          .ports(List.of(ServicePort.builder().port(80).build()))
                          .externalIPs(List.of("192.0.2.1", "192.0.2.2"))
                          .build())
                  .build());
    }
  }

  @Test
  void pluginsAreChosenByTheirNames() {
    assertThat(OptIn.read(List.of("PodSecurity", "DenyServiceExternalIPs"), List.of()))
        .containsExactly(OptIn.DENY_SERVICE_EXTERNAL_IPS);
    assertThat(OptIn.read(List.of(), List.of("DenyServiceExternalIPs", "AlwaysPullImages")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AlwaysPullImages||there is no \"AlwaysPullImages\" here; those that can be chosen are"
            + " DenyServiceExternalIPs",
        "|PodSecurity|\"PodSecurity\" is always on",
        "DenyServiceExternalIPs|DenyServiceExternalIPs|is enabled and disabled",
      })
  void whatCannotBeHadIsRefused(String enabled, String disabled, String complaint) {
    assertThatThrownBy(() -> OptIn.read(names(enabled), names(disabled)))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining(complaint);
  }

  private static List<String> names(@Nullable String name) {
    return name == null ? List.of() : List.of(name);
  }
}
