package dev.kapell.node.pod;

import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.Client;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.DnsConfig;
import dev.kapell.host.runtime.SandboxSpec;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.config.PodFacts.NodeFacts;
import dev.kapell.node.config.SandboxConfig;
import dev.kapell.node.config.Sources;
import dev.kapell.node.probe.Actions;
import dev.kapell.node.volume.ContainerFiles;
import dev.kapell.node.volume.PodVolumes;

/**
 * What every pod of the node works with.
 *
 * @param scope in which all threads of pods run
 * @param maxPids how many tasks one pod may have, 0 for no limit
 */
public record PodRoom(
    Client client,
    ContainerRuntime runtime,
    Cgroups cgroups,
    PodVolumes volumes,
    ContainerFiles files,
    Actions actions,
    Sources sources,
    EventRecorder events,
    NodeFacts node,
    Machine machine,
    Directories directories,
    Clock clock,
    TaskScope scope,
    long maxPids) {

  /** What the runtime is asked for as sandbox number {@code attempt} of a pod. */
  SandboxSpec sandbox(PodFacts pod, int attempt) {
    return SandboxConfig.of(pod, DnsConfig.parse(machine.resolver()), attempt);
  }
}
