package dev.kapell.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.machine.SecurityModule;
import dev.kapell.host.runtime.DnsConfig;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.NamespaceOptions;
import dev.kapell.host.runtime.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodConfigTest {
  private static final DnsConfig HOST =
      DnsConfig.parse(
          """
          # by hand
          nameserver 192.0.2.53
          search corp.example .
          options timeout:3
          """);

  private static PodFacts facts(String spec, SecurityModule... modules) {
    String json =
        "{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\"},\"spec\":"
            + spec.replace('\'', '"')
            + "}";
    Pod pod = JsonCodec.decode(Pod.CODEC, json.getBytes(StandardCharsets.UTF_8));
    PodFacts.NodeFacts node =
        new PodFacts.NodeFacts(
            "n1",
            List.of("192.0.2.1"),
            List.of("10.43.0.10"),
            "cluster.local",
            1000,
            1L << 30,
            "/kubepods",
            Set.of(modules));
    return new PodFacts(pod, List.of("10.42.0.2"), node, Path.of("/p"), Path.of("/l"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {}                                                                    | 10.43.0.10 | ns.svc.cluster.local svc.cluster.local cluster.local corp.example | ndots:5
          {'hostNetwork':true}                                                  | 192.0.2.53 | corp.example | timeout:3
          {'hostNetwork':true,'dnsPolicy':'ClusterFirstWithHostNet'}            | 10.43.0.10 | ns.svc.cluster.local svc.cluster.local cluster.local corp.example | ndots:5
          {'dnsPolicy':'Default'}                                               | 192.0.2.53 | corp.example | timeout:3
          {'dnsPolicy':'Default','dnsConfig':{'options':[{'name':'ndots','value':'2'}]}} | 192.0.2.53 | corp.example | timeout:3 ndots:2
          {'dnsPolicy':'None','dnsConfig':{'nameservers':['192.0.2.9']}}        | 192.0.2.9  | "" | ""
          {'dnsConfig':{'searches':['a.example','corp.example']}}               | 10.43.0.10 | ns.svc.cluster.local svc.cluster.local cluster.local corp.example a.example | ndots:5
          """)
  void namesAreResolvedAsThePolicySaysAndTheNodeItselfDoes(
      String spec, String servers, String searches, String options) {
    DnsConfig dns = Dns.of(facts(spec), HOST);
    assertThat(String.join(" ", dns.servers())).isEqualTo(servers);
    assertThat(String.join(" ", dns.searches())).isEqualTo(searches);
    assertThat(String.join(" ", dns.options())).isEqualTo(options);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {}                                                          | p                            | p
          {'hostname':'h'}                                            | h                            | h
          {'hostname':'h','subdomain':'s'}                            | h                            | h.s.ns.svc.cluster.local h
          {'hostname':'h','subdomain':'s','setHostnameAsFQDN':true}   | h.s.ns.svc.cluster.local     | h.s.ns.svc.cluster.local h
          {'hostname':'h','subdomain':'s','hostnameOverride':'o.x'}   | o.x                          | o.x
          """)
  void aPodIsCalledAsItAsks(String spec, String hostname, String hosts) {
    PodFacts facts = facts(spec);
    assertThat(HostNames.hostname(facts)).isEqualTo(hostname);
    assertThat(HostNames.hostsFile(facts, "").lines().toList())
        .contains("10.42.0.2\t" + hosts.replace(' ', '\t'));
  }

  @Test
  void appArmorIsPutAsideWhereAContainerSaysSoAndTheKernelHasIt() {
    String free =
        "{'securityContext':{'appArmorProfile':{'type':'Unconfined'}},'containers':[{'name':'c'}]}";
    String usual =
        "{'containers':[{'name':'c','securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}]}";
    assertThat(appArmor(facts(free, SecurityModule.APPARMOR))).isEqualTo(new Profile.Unconfined());
    assertThat(appArmor(facts(free))).isNull();
    assertThat(appArmor(facts(usual, SecurityModule.APPARMOR))).isNull();
  }

  private static @Nullable Profile appArmor(PodFacts facts) {
    Container container = facts.pod().spec().containers().getFirst();
    return new Security(facts, container)
        .of(new Images.Image("i", List.of(), List.of(), 1, null, ""), NamespaceOptions.POD)
        .appArmor();
  }
}
