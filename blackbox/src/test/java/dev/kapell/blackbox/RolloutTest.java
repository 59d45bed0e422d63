package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A change of the template under steady load: nobody outside notices. */
@SharesCluster
class RolloutTest {
  private static final int REPLICAS = 3;
  private static final int CALLERS = 4;

  @Test
  void noRequestFailsAndReadyPodsNeverFallBelowTheFloor() throws Exception {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    try (Web web = Web.start("rollout", 30082, REPLICAS);
        Floor floor = new Floor("rollout")) {
      Kapell.eventually(30, () -> assertThat(floor.now()).isEqualTo(REPLICAS));
      floor.reset();
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CALLERS; i++) {
          callers.execute(() -> call(web.url(), done, answered, failures));
        }
        try {
          web.apply(REPLICAS, "2");
          Kapell.kubectl("rollout", "status", "deployment/rollout", "--timeout=90s").ok();
          Kapell.kubectl("set", "env", "deployment/rollout", "VERSION=3").ok();
          Kapell.kubectl("rollout", "status", "deployment/rollout", "--timeout=90s").ok();
        } finally {
          done.set(true);
        }
      }
      Kapell.eventually(30, () -> assertThat(Page.tryGet(web.url())).contains("version 3"));
      assertThat(failures).as("failures beside %d answered requests", answered.get()).isEmpty();
      assertThat(answered.get()).isGreaterThan(100);
      assertThat(floor.lowest()).as("least number of ready pods").isGreaterThanOrEqualTo(REPLICAS);
    }
  }

  private static void call(
      String url, AtomicBoolean done, AtomicInteger answered, Queue<String> failures) {
    while (!done.get() && failures.size() < 10) {
      try {
        if (Page.get(url).contains("version")) {
          answered.incrementAndGet();
        } else {
          failures.add("an empty page");
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  /** Counts, at each event, the pods that are ready and stay. */
  private static final class Floor implements AutoCloseable, ResourceEventHandler<Pod> {
    private final KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Kapell.kubeconfig().toFile()))
            .build();
    private final Map<String, Boolean> ready = new ConcurrentHashMap<>();
    private final AtomicInteger lowest = new AtomicInteger(Integer.MAX_VALUE);
    private final SharedIndexInformer<Pod> informer;

    Floor(String app) {
      informer = client.pods().inNamespace("default").withLabel("app", app).inform(this);
    }

    int now() {
      return (int) ready.values().stream().filter(isReady -> isReady).count();
    }

    int lowest() {
      return lowest.get();
    }

    void reset() {
      lowest.set(now());
    }

    private void see(Pod pod) {
      boolean stays = pod.getMetadata().getDeletionTimestamp() == null;
      ready.put(pod.getMetadata().getName(), stays && Readiness.getInstance().isReady(pod));
      lowest.accumulateAndGet(now(), Math::min);
    }

    @Override
    public void onAdd(Pod pod) {
      see(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      see(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      ready.remove(pod.getMetadata().getName());
      lowest.accumulateAndGet(now(), Math::min);
    }

    @Override
    public void close() {
      informer.close();
      client.close();
    }
  }
}
