package dev.kapell.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupPriorityTest {
  @Test
  void customGroupsComeBehindBuiltInOnesAndByName() {
    assertThat(
            Stream.of("b.example.com", "storagemigration.k8s.io", "a.example.com", "apps", "")
                .sorted(GroupPriority.ORDER))
        .containsExactly("", "apps", "storagemigration.k8s.io", "a.example.com", "b.example.com");
  }

  @Test
  void groupsOfOnePriorityComeByName() {
    assertThat(
            Stream.of("apiextensions.k8s.io", "admissionregistration.k8s.io")
                .sorted(GroupPriority.ORDER))
        .containsExactly("admissionregistration.k8s.io", "apiextensions.k8s.io");
  }
}
