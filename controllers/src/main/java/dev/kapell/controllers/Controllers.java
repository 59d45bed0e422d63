package dev.kapell.controllers;

import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.autoscaling.AutoscalerController;
import dev.kapell.controllers.cronjob.CronJobController;
import dev.kapell.controllers.daemonset.DaemonSetController;
import dev.kapell.controllers.deployment.DeploymentController;
import dev.kapell.controllers.disruption.DisruptionController;
import dev.kapell.controllers.endpoint.EndpointMirrorController;
import dev.kapell.controllers.endpoint.EndpointSliceController;
import dev.kapell.controllers.endpoint.EndpointsController;
import dev.kapell.controllers.ephemeral.EphemeralVolumeController;
import dev.kapell.controllers.garbage.GarbageCollector;
import dev.kapell.controllers.job.JobController;
import dev.kapell.controllers.kinds.Kinds;
import dev.kapell.controllers.localpath.DefaultClassController;
import dev.kapell.controllers.localpath.ProvisionController;
import dev.kapell.controllers.localpath.ReclaimController;
import dev.kapell.controllers.namespace.NamespaceController;
import dev.kapell.controllers.nodehealth.NodeHealthController;
import dev.kapell.controllers.nodehealth.TaintEvictionController;
import dev.kapell.controllers.podgc.PodGarbageController;
import dev.kapell.controllers.protection.ClaimProtectionController;
import dev.kapell.controllers.protection.VolumeProtectionController;
import dev.kapell.controllers.replicaset.ReplicaSetController;
import dev.kapell.controllers.replicaset.ReplicationControllerController;
import dev.kapell.controllers.resourceclaim.PodClaimController;
import dev.kapell.controllers.resourceclaim.ReservationController;
import dev.kapell.controllers.rootca.RootCaController;
import dev.kapell.controllers.serviceaccount.ServiceAccountController;
import dev.kapell.controllers.statefulset.StatefulSetController;
import dev.kapell.controllers.trustbundle.TrustBundleController;
import dev.kapell.controllers.volume.ClaimController;
import dev.kapell.controllers.volume.VolumeController;
import java.util.ArrayList;
import java.util.List;

/**
 * All controllers of a cluster, running. This is the one place where they are wired. Close it to
 * stop them; the caches stay, they belong to who made them.
 */
public final class Controllers implements AutoCloseable {
  private final ControllerOptions options;
  private final Kinds kinds;
  private final List<ControlLoop<?>> loops = new ArrayList<>();
  private final List<EventRecorder> recorders = new ArrayList<>();
  private final List<Runnable> believers = new ArrayList<>();

  private Controllers(ControllerOptions options) {
    this.options = options;
    this.kinds = new Kinds(options.customTypes());
  }

  /** Starts them all; returns at once. */
  public static Controllers start(ControllerOptions options) {
    Controllers controllers = new Controllers(options);
    controllers.startWorkloads();
    controllers.startScaling();
    controllers.startVolumes();
    controllers.startDevices();
    controllers.startServices();
    controllers.startNodes();
    controllers.startHousekeeping(); // last: it shares the full caches of the others
    return controllers;
  }

  private void startHousekeeping() {
    loops.add(DisruptionController.start(as("disruption-controller"), kinds, 1));
    loops.add(NamespaceController.start(as("namespace-controller"), kinds, 4));
    loops.add(GarbageCollector.start(as("garbage-collector-controller"), kinds, 8));
    loops.add(ServiceAccountController.start(as("service-account-controller"), 1));
    RootCaController.Started rootCa =
        RootCaController.start(as("root-ca-certificate-publisher"), options.caPem(), 1);
    loops.add(rootCa.loop());
    ControlLoop<String> trustBundle =
        TrustBundleController.start(
            as("kube-apiserver-serving-clustertrustbundle-publisher"), options.caPem());
    loops.add(trustBundle);
    believers.add(rootCa.again());
    believers.add(() -> trustBundle.add(TrustBundleController.SIGNER));
  }

  private void startWorkloads() {
    loops.add(DeploymentController.start(as("deployment-controller"), 4));
    loops.add(ReplicaSetController.start(as("replicaset-controller"), 4));
    loops.add(DaemonSetController.start(as("daemonset-controller"), 2));
    loops.add(StatefulSetController.start(as("statefulset-controller"), 2));
    loops.add(JobController.start(as("job-controller"), 2));
    loops.add(CronJobController.start(as("cronjob-controller"), 1));
    loops.add(ReplicationControllerController.start(as("replication-controller"), 2));
  }

  private void startScaling() {
    loops.add(
        AutoscalerController.start(as("horizontal-pod-autoscaler"), kinds, options.metrics(), 5));
  }

  private void startVolumes() {
    loops.add(ClaimController.start(as("persistentvolume-controller"), 2));
    loops.add(VolumeController.start(as("persistentvolume-controller"), 2));
    loops.add(DefaultClassController.start(as("kapell.dev/local-path")));
    loops.add(ProvisionController.start(as("kapell.dev/local-path"), 1));
    loops.add(ReclaimController.start(as("kapell.dev/local-path"), 1));
    loops.add(EphemeralVolumeController.start(as("ephemeral_volume"), 1));
    loops.add(ClaimProtectionController.start(as("pvc-protection-controller"), 1));
    loops.add(VolumeProtectionController.start(as("pv-protection-controller"), 1));
  }

  private void startDevices() {
    loops.add(PodClaimController.start(as("resource_claim"), 2));
    loops.add(ReservationController.start(as("resource_claim"), 2));
  }

  private void startServices() {
    loops.add(EndpointSliceController.start(as("endpoint-slice-controller"), 4));
    loops.add(EndpointsController.start(as("endpoint-controller"), 2));
    loops.add(EndpointMirrorController.start(as("endpoint-slice-mirroring-controller"), 1));
  }

  private void startNodes() {
    loops.add(NodeHealthController.start(as("node-controller"), options.nodeGrace(), 2));
    loops.add(TaintEvictionController.start(as("taint-eviction-controller"), 1));
    loops.add(PodGarbageController.start(as("pod-garbage-collector")));
  }

  private LoopContext as(String component) {
    EventRecorder recorder =
        new EventRecorder(options.client(), options.clock(), component, options.instance());
    recorders.add(recorder);
    return new LoopContext(options.client(), options.caches(), recorder, options.clock());
  }

  /** The cluster's authority was signed anew: those who publish it look at it again. */
  public void authorityChanged() {
    believers.forEach(Runnable::run);
  }

  /** The running loops, for metrics. */
  public List<ControlLoop<?>> loops() {
    return List.copyOf(loops);
  }

  /** Stops the loops, then the event recorders. */
  @Override
  public void close() {
    loops.forEach(ControlLoop::close);
    recorders.forEach(EventRecorder::close);
  }
}
