package dev.kapell.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SubnetTest {
  @Test
  void knowsItsNetworkAndHosts() {
    Subnet subnet = Subnet.parse("10.42.1.77/20");
    assertThat(subnet.network()).hasToString("10.42.0.0/20");
    assertThat(subnet.host(257).getHostAddress()).isEqualTo("10.42.1.1");
    assertThat(subnet.contains(InetAddress.ofLiteral("10.42.15.255"))).isTrue();
    assertThat(subnet.contains(InetAddress.ofLiteral("10.42.16.0"))).isFalse();
    assertThat(subnet.contains(InetAddress.ofLiteral("fd00::1"))).isFalse();
    assertThat(Subnet.parse("10.0.0.1")).hasToString("10.0.0.1/32");
    assertThat(Subnet.parse("fd00::/64").host(5)).isEqualTo(InetAddress.ofLiteral("fd00::5"));
  }

  @Test
  void refusesWhatIsNone() {
    assertThatThrownBy(() -> Subnet.parse("example.org/8"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Subnet.parse("10.0.0.0/33"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Subnet.parse("10.0.0.0/x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
