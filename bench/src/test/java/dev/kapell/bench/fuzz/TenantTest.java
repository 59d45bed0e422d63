package dev.kapell.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers would be a hole. */
class TenantTest {
  private static final Tenant TENANT =
      new Tenant(
          new Api(
              List.of(
                  new Api.Operation("/api/v1/namespaces/{namespace}/pods", "", List.of("GET")),
                  new Api.Operation("/api/v1/namespaces/{name}", "", List.of("GET")),
                  new Api.Operation("/api/v1/nodes", "", List.of("GET"))),
              Map.of()));

  @ParameterizedTest
  @CsvSource({
    "/api/v1/namespaces/tenant/pods, true",
    "/api/v1/namespaces/tenant/pods/a/log?x=/y, true",
    "/api/v1/watch/namespaces/tenant/pods, true",
    "/api/v1/namespaces/tenant, true",
    "/api/v1/namespaces/tenant/status, true",
    "/api/v1, true",
    "/version, true",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews, true",
    "/api/v1/namespaces/tenant/nodes, false",
    "/api/v1/namespaces/tenant/nodes/a/proxy/, false",
    "/api/v1/namespaces/fuzz/pods, false",
    "/api/v1/namespaces/fuzz, false",
    "/api/v1/pods, false",
    "/api/v1/nodes, false",
    "/api/v1/namespaces, false",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews, false",
    "/metrics, false",
    "/debug/pprof, false",
    "/, false",
  })
  void aTenantReachesItsNamespaceAndWhatIsPublic(String target, boolean may) {
    assertThat(TENANT.mayReach(target)).isEqualTo(may);
  }
}
