package dev.kapell.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.machine.SecurityModule;
import dev.kapell.node.plan.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnsupportedTest {
  private static final Set<SecurityModule> BARE = Set.of();

  private static Pod pod(String spec) {
    String json = "{\"metadata\":{\"name\":\"p\"},\"spec\":" + spec.replace('\'', '"') + "}";
    return JsonCodec.decode(Pod.CODEC, json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {'os':{'name':'windows'}} | PodOSNotSupported | it is linux
          {'securityContext':{'supplementalGroupsPolicy':'Strict'}} | SupplementalGroupsPolicyNotSupported | use Merge
          {'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}} | AppArmor | remove appArmorProfile
          {'containers':[{'name':'c','securityContext':{'appArmorProfile':{'type':'Localhost','localhostProfile':'x'}}}]} | AppArmor | not enabled
          {'securityContext':{'sysctls':[{'name':'kernel.msgmax','value':'1'}]}} | SysctlForbidden | not allowlisted
          {'securityContext':{'sysctls':[{'name':'net/core/somaxconn','value':'1'}]}} | SysctlForbidden | net.core.somaxconn
          {'hostNetwork':true,'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_syncookies','value':'1'}]}} | SysctlForbidden | the host's own
          """)
  void failsThePodWithAReasonAndWhatToDo(String spec, String reason, String part) {
    assertThat(Unsupported.verdict(pod(spec), BARE))
        .hasValueSatisfying(
            verdict -> {
              assertThat(verdict.reason()).isEqualTo(reason);
              assertThat(verdict.message()).startsWith("Pod was rejected: ").contains(part);
            });
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {}
          {'os':{'name':'linux'}}
          {'securityContext':{'supplementalGroupsPolicy':'Merge','supplementalGroups':[7]}}
          {'securityContext':{'appArmorProfile':{'type':'Unconfined'}}}
          {'securityContext':{'sysctls':[{'name':'net.ipv4.ip_unprivileged_port_start','value':'0'}]}}
          """)
  void letsEverythingElseRun(String spec) {
    assertThat(Unsupported.verdict(pod(spec), BARE)).isEmpty();
    assertThat(Unsupported.remark(pod(spec), BARE)).isEmpty();
  }

  @Test
  void aKernelWithAppArmorKeepsToTheRuntimesProfile() {
    Pod asked = pod("{'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}");
    assertThat(Unsupported.verdict(asked, Set.of(SecurityModule.APPARMOR))).isEmpty();
  }

  @Test
  void labelsWithoutSeLinuxAreSpokenOfAndThePodRuns() {
    Pod labelled = pod("{'securityContext':{'seLinuxOptions':{'level':'s0:c1,c2'}}}");
    assertThat(Unsupported.verdict(labelled, BARE)).isEmpty();
    assertThat(Unsupported.remark(labelled, BARE))
        .map(Verdict::reason)
        .contains("SELinuxNotEnabled");
    assertThat(Unsupported.remark(labelled, Set.of(SecurityModule.SELINUX))).isEmpty();
  }
}
