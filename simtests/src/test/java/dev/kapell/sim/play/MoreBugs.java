package dev.kapell.sim.play;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.sim.cluster.ForwardingClient;
import dev.kapell.sim.cluster.Interference;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bugs of the worlds that have a theme. */
final class MoreBugs {
  private MoreBugs() {}

  /** Whoever contends for a lease takes it to be free. */
  static Interference leasesLookFree() {
    return Bugs.controllersSee(
        Types.LEASE, lease -> lease.withSpec(lease.spec().withHolderIdentity("")));
  }

  /** Claims are led to volumes that others have. */
  static Interference volumesLookFree() {
    return Bugs.controllersSee(
        Types.PERSISTENT_VOLUME,
        volume ->
            volume
                .withSpec(volume.spec().withClaimRef(null))
                .withStatus(volume.status().withPhase("Available")));
  }

  /** The scheduler takes volumes to be everywhere. */
  static Interference volumesEverywhere() {
    return Bugs.schedulerSees(
        Types.PERSISTENT_VOLUME, volume -> volume.withSpec(volume.spec().withNodeAffinity(null)));
  }

  /** Autoscalers go beyond what they may. */
  static Interference boundsForgotten() {
    return Bugs.controllersSee(
        Types.HORIZONTAL_POD_AUTOSCALER,
        autoscaler ->
            autoscaler.withSpec(
                autoscaler.spec().withMaxReplicas(autoscaler.spec().maxReplicasOr(1) + 3)));
  }

  /** The scheduler takes each pod of a gang by itself. */
  static Interference gangsForgotten() {
    return Bugs.schedulerSees(
        Types.POD, pod -> pod.withMetadata(pod.metadata().withAnnotations(Map.of())));
  }

  /** The scheduler knows of no queue. */
  static Interference queuesForgotten() {
    return Bugs.schedulerSees(Types.POD, MoreBugs::withoutQueue);
  }

  /** Of some members of gangs the scheduler takes to be written what nobody writes. */
  static Interference bindingsLost() {
    return new Interference() {
      @Override
      public Client forScheduler(Client client) {
        return new ForwardingClient() {
          @Override
          protected Client to() {
            return client;
          }

          @Override
          public <S> S createSubresource(
              ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
            boolean lost = key.name().startsWith("gang-") && key.name().hashCode() % 3 == 0;
            return lost && subresource.equals("binding")
                ? body
                : super.createSubresource(parent, key, subresource, body, codec);
          }
        };
      }
    };
  }

  /** The scheduler knows the queue of no pod that runs. */
  static Interference borrowersForgotten() {
    return Bugs.schedulerSees(
        Types.POD, pod -> pod.spec().nodeNameOr("").isEmpty() ? pod : withoutQueue(pod));
  }

  /** Whoever binds pods does so on threads of which no law has heard. */
  static Interference anotherName() {
    return new Interference() {
      @Override
      public Client forScheduler(Client client) {
        return new ForwardingClient() {
          @Override
          protected Client to() {
            Thread.currentThread().setName("odd");
            return client;
          }
        };
      }
    };
  }

  private static Pod withoutQueue(Pod pod) {
    Map<String, String> labels = new TreeMap<>(pod.metadata().labels());
    labels.remove(BatchMarks.QUEUE);
    return pod.withMetadata(pod.metadata().withLabels(labels));
  }

  /** The scheduler takes whatever runs to be less important than what waits. */
  static Interference runningLooksUnimportant() {
    return Bugs.schedulerSees(
        Types.POD,
        pod ->
            pod.spec().nodeNameOr("").isEmpty()
                ? pod
                : pod.withSpec(pod.spec().withPriority(-1000)));
  }

  /** The scheduler takes no pod to need a device. */
  static Interference devicesForgotten() {
    return Bugs.schedulerSees(
        Types.POD, pod -> pod.withSpec(pod.spec().withResourceClaims(List.of())));
  }

  /** The scheduler takes the devices of pods that run to be free. */
  static Interference devicesLookFree() {
    return Bugs.schedulerSees(
        Types.RESOURCE_CLAIM,
        claim -> claim.withStatus(claim.status().withAllocation(null).withReservedFor(List.of())));
  }

  /** Who takes devices back finds that nobody uses them. */
  static Interference devicesLookUnused() {
    return Bugs.controllersSee(
        Types.RESOURCE_CLAIM, claim -> claim.withStatus(claim.status().withReservedFor(List.of())));
  }

  /** CronJobs start beside what still runs. */
  static Interference concurrencyAllowed() {
    return Bugs.controllersSee(
        Types.CRON_JOB, cron -> cron.withSpec(cron.spec().withConcurrencyPolicy("Allow")));
  }

  /** Who empties namespaces finds nothing in them. */
  static Interference namespacesLookEmpty() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new ForwardingClient() {
          @Override
          protected Client to() {
            return client;
          }

          @Override
          public <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
            Listing<T> found = super.list(type, query);
            return Thread.currentThread().getName().startsWith("namespace/")
                ? new Listing<>(List.of(), found.resourceVersion())
                : found;
          }
        };
      }
    };
  }
}
