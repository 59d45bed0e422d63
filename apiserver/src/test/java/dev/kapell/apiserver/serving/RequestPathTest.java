package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.request.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      value = {
        "/api/v1/nodes, '', v1, nodes, '', '', '', ''",
        "/api/v1/namespaces, '', v1, namespaces, '', '', '', ''",
        "/api/v1/namespaces/a, '', v1, namespaces, '', a, '', ''",
        "/api/v1/namespaces/a/status, '', v1, namespaces, '', a, status, ''",
        "/api/v1/namespaces/a/finalize, '', v1, namespaces, '', a, finalize, ''",
        "/api/v1/namespaces/a/pods, '', v1, pods, a, '', '', ''",
        "/api/v1/namespaces/a/pods/p/exec, '', v1, pods, a, p, exec, ''",
        "/api/v1/namespaces/a/pods/p:80/proxy/x/y, '', v1, pods, a, p:80, proxy, /x/y",
        "/api/v1/nodes/n/proxy/, '', v1, nodes, '', n, proxy, /",
        "/apis/apps/v1/namespaces/a/deployments/d/scale, apps, v1, deployments, a, d, scale, ''",
        "/api/v1/watch/namespaces/a/pods, '', v1, pods, a, '', '', ''",
        "/apis/g.io/v2/things/a%3Ab, g.io, v2, things, '', a:b, '', ''",
        "/api/v1/nodes/n/proxy/x%2Fy%zz, '', v1, nodes, '', n, proxy, /x%2Fy%zz"
      })
  void namesWhatAPathIsAbout(
      String path,
      String group,
      String version,
      String resource,
      String namespace,
      String name,
      String subresource,
      String rest) {
    RequestPath parsed = RequestPath.parse(path).orElseThrow();
    assertThat(parsed.target())
        .isEqualTo(new Target(group, version, resource, namespace, name, subresource));
    assertThat(parsed.rest()).isEqualTo(rest);
    assertThat(parsed.watch()).isEqualTo(path.contains("/watch/"));
  }

  @Test
  void leavesOtherPathsAlone() {
    for (String path :
        new String[] {"/", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/version"}) {
      assertThat(RequestPath.parse(path)).as(path).isEmpty();
    }
  }
}
