package dev.kapell.apiserver.request;

import java.util.Comparator;
import java.util.Map;

/**
 * In which order clients prefer groups: the numbers that kube-apiserver registers its own with. The
 * highest comes first; equals by name. Pure.
 */
public final class GroupPriority {
  private static final int OF_CUSTOM_GROUPS = 1000;

  private static final Map<String, Integer> BUILT_IN =
      Map.ofEntries(
          Map.entry("", 18_000),
          Map.entry("apiregistration.k8s.io", 17_900),
          Map.entry("apps", 17_800),
          Map.entry("events.k8s.io", 17_750),
          Map.entry("authentication.k8s.io", 17_700),
          Map.entry("authorization.k8s.io", 17_600),
          Map.entry("autoscaling", 17_500),
          Map.entry("batch", 17_400),
          Map.entry("certificates.k8s.io", 17_300),
          Map.entry("networking.k8s.io", 17_200),
          Map.entry("policy", 17_100),
          Map.entry("rbac.authorization.k8s.io", 17_000),
          Map.entry("storage.k8s.io", 16_800),
          Map.entry("admissionregistration.k8s.io", 16_700),
          Map.entry("apiextensions.k8s.io", 16_700),
          Map.entry("scheduling.k8s.io", 16_600),
          Map.entry("coordination.k8s.io", 16_500),
          Map.entry("node.k8s.io", 16_300),
          Map.entry("discovery.k8s.io", 16_200),
          Map.entry("flowcontrol.apiserver.k8s.io", 16_100),
          Map.entry("internal.apiserver.k8s.io", 16_000),
          Map.entry("resource.k8s.io", 15_900),
          Map.entry("storagemigration.k8s.io", 15_800));

  /** The order of groups by name. */
  public static final Comparator<String> ORDER =
      Comparator.comparingInt(GroupPriority::of).reversed().thenComparing(group -> group);

  private GroupPriority() {}

  /** The priority of a group; that of custom ones when Kubernetes does not know it. */
  public static int of(String group) {
    return BUILT_IN.getOrDefault(group, OF_CUSTOM_GROUPS);
  }

  /** Whether it is one of Kubernetes' own. */
  public static boolean isBuiltIn(String group) {
    return BUILT_IN.containsKey(group);
  }
}
