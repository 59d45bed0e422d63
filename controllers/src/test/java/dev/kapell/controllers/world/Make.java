package dev.kapell.controllers.world;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Objects as tests want them. */
public final class Make {
  private Make() {}

  public static ObjectMeta meta(String name) {
    return ObjectMeta.builder().namespace("default").name(name).build();
  }

  public static LabelSelector selector(String app) {
    return LabelSelector.builder().matchLabels(Map.of("app", app)).build();
  }

  public static PodTemplateSpec template(String app, String image) {
    return PodTemplateSpec.builder()
        .metadata(ObjectMeta.builder().labels(Map.of("app", app)).build())
        .spec(
            PodSpec.builder()
                .containers(List.of(Container.builder().name("main").image(image).build()))
                .build())
        .build();
  }

  public static Pod ready(Pod pod, Instant since) {
    return withReady(pod, "True", since);
  }

  public static Pod unready(Pod pod, Instant since) {
    return withReady(pod, "False", since);
  }

  private static Pod withReady(Pod pod, String status, Instant since) {
    PodCondition ready =
        PodCondition.builder().type("Ready").status(status).lastTransitionTime(since).build();
    return pod.withStatus(pod.status().withPhase("Running").withConditions(List.of(ready)));
  }
}
