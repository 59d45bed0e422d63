package dev.kapell.host.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.host.process.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimePackagesTest {
  @TempDir Path root;

  private void program(String path) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private RuntimePackages.Findings look() {
    return new RuntimePackages(root, Processes.ofThisMachine()).look();
  }

  @Test
  void namesThePackagesOfDebianAndTheCommand() throws Exception {
    program("usr/bin/apt-get");
    program("usr/sbin/runc");
    program("usr/sbin/ip");
    assertThat(look())
        .isInstanceOfSatisfying(
            RuntimePackages.Findings.Missing.class,
            missing -> {
              assertThat(missing.packages())
                  .containsExactly(
                      "containerd",
                      "containernetworking-plugins",
                      "nftables",
                      "conntrack",
                      "busybox-static");
              assertThat(missing.message())
                  .startsWith("to run containers this machine lacks containerd, ctr, CNI plugins")
                  .contains("install with: apt-get install -y");
            });
  }

  @Test
  void namesThePackagesOfOtherSystems() throws Exception {
    program("usr/bin/dnf");
    assertThat(((RuntimePackages.Findings.Missing) look()).packages())
        .contains("iproute", "conntrack-tools");
  }

  @Test
  void withoutAPackageManagerItStillSaysWhatIsMissing() {
    assertThat(((RuntimePackages.Findings.Missing) look()).message())
        .endsWith("install them with the system's package manager");
  }

  @Test
  void aDynamicBusyboxDoesNotCount() throws Exception {
    program("bin/busybox");
    assertThat(((RuntimePackages.Findings.Missing) look()).programs()).contains("a static busybox");
  }
}
