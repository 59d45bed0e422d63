package dev.kapell.apiserver.defaulting;

import java.util.Map;

/** One row for each kind that has defaults. */
final class DefaultsTable {
  static final Map<String, Defaults> ROWS =
      Map.ofEntries(
          Map.entry("pods", PodDefaults::pod),
          Map.entry("podtemplates", object -> PodDefaults.template(object.make("template"))),
          Map.entry("replicationcontrollers", WorkloadDefaults::replicationController),
          Map.entry("deployments.apps", WorkloadDefaults::deployment),
          Map.entry("replicasets.apps", WorkloadDefaults::replicaSet),
          Map.entry("statefulsets.apps", WorkloadDefaults::statefulSet),
          Map.entry("daemonsets.apps", WorkloadDefaults::daemonSet),
          Map.entry("jobs.batch", WorkloadDefaults::job),
          Map.entry("cronjobs.batch", WorkloadDefaults::cronJob),
          Map.entry("horizontalpodautoscalers.autoscaling", ScalingDefaults::autoscaler),
          Map.entry("services", NetworkDefaults::service),
          Map.entry("endpoints", NetworkDefaults::endpoints),
          Map.entry("endpointslices.discovery.k8s.io", NetworkDefaults::endpointSlice),
          Map.entry("networkpolicies.networking.k8s.io", NetworkDefaults::networkPolicy),
          Map.entry("secrets", CoreDefaults::secret),
          Map.entry("namespaces", CoreDefaults::namespace),
          Map.entry("nodes", CoreDefaults::node),
          Map.entry("limitranges", CoreDefaults::limitRange),
          Map.entry(
              "customresourcedefinitions.apiextensions.k8s.io", DefinitionDefaults::definition),
          Map.entry("apiservices.apiregistration.k8s.io", DefinitionDefaults::apiService),
          Map.entry("persistentvolumes", StorageDefaults::volume),
          Map.entry("persistentvolumeclaims", StorageDefaults::claim),
          Map.entry("storageclasses.storage.k8s.io", StorageDefaults::storageClass),
          Map.entry("csidrivers.storage.k8s.io", StorageDefaults::csiDriver),
          Map.entry("rolebindings.rbac.authorization.k8s.io", PolicyDefaults::roleBinding),
          Map.entry("clusterrolebindings.rbac.authorization.k8s.io", PolicyDefaults::roleBinding),
          Map.entry("priorityclasses.scheduling.k8s.io", PolicyDefaults::priorityClass),
          Map.entry(
              "validatingwebhookconfigurations.admissionregistration.k8s.io",
              PolicyDefaults::webhooks),
          Map.entry(
              "mutatingwebhookconfigurations.admissionregistration.k8s.io",
              PolicyDefaults::mutatingWebhooks),
          Map.entry(
              "validatingadmissionpolicies.admissionregistration.k8s.io",
              PolicyDefaults::admissionPolicy),
          Map.entry(
              "validatingadmissionpolicybindings.admissionregistration.k8s.io",
              PolicyDefaults::policyBinding),
          Map.entry(
              "mutatingadmissionpolicies.admissionregistration.k8s.io",
              PolicyDefaults::mutatingPolicy),
          Map.entry(
              "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
              PolicyDefaults::policyBinding),
          Map.entry("ingressclasses.networking.k8s.io", NetworkDefaults::ingressClass),
          Map.entry("resourceclaims.resource.k8s.io", DeviceDefaults::claim),
          Map.entry("resourceclaimtemplates.resource.k8s.io", DeviceDefaults::template),
          Map.entry("flowschemas.flowcontrol.apiserver.k8s.io", PolicyDefaults::flowSchema),
          Map.entry(
              "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
              PolicyDefaults::priorityLevel));

  private DefaultsTable() {}
}
