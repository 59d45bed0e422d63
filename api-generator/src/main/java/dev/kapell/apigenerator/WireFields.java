package dev.kapell.apigenerator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a message as JSON sees them: what Go embeds is one message more in protobuf, but
 * not in JSON.
 */
final class WireFields {
  /** Fields that hold an embedded struct, as message and field. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "Volume.volumeSource",
          "PersistentVolumeSpec.persistentVolumeSource",
          "EphemeralContainer.ephemeralContainerCommon",
          "Probe.handler",
          "ConfigMapEnvSource.localObjectReference",
          "ConfigMapKeySelector.localObjectReference",
          "ConfigMapProjection.localObjectReference",
          "ConfigMapVolumeSource.localObjectReference",
          "SecretEnvSource.localObjectReference",
          "SecretKeySelector.localObjectReference",
          "SecretProjection.localObjectReference",
          "IngressRule.ingressRuleValue",
          "NamedRuleWithOperations.ruleWithOperations",
          "RuleWithOperations.rule",
          "DeviceClassConfiguration.deviceConfiguration",
          "DeviceClaimConfiguration.deviceConfiguration",
          "DeviceAllocationConfiguration.deviceConfiguration");

  /**
   * A field and how to get there.
   *
   * @param path its number, after those of the embedding messages
   * @param field its descriptor
   */
  record Found(List<Integer> path, FieldDescriptor field) {}

  private WireFields() {}

  /** By the bare name (see {@link Naming#bare}). */
  static Map<String, Found> of(Descriptor message) {
    Map<String, Found> found = new HashMap<>();
    collect(message, List.of(), found);
    return found;
  }

  private static void collect(Descriptor message, List<Integer> prefix, Map<String, Found> found) {
    for (FieldDescriptor field : message.getFields()) {
      List<Integer> path = new ArrayList<>(prefix);
      path.add(field.getNumber());
      if (EMBEDDED.contains(message.getName() + "." + field.getName())) {
        collect(field.getMessageType(), path, found);
      } else {
        found.putIfAbsent(Naming.bare(field.getName()), new Found(List.copyOf(path), field));
      }
    }
  }
}
