package dev.kapell.apiserver;

import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import java.util.ArrayList;
import java.util.List;

/** Run by hand: how many pods a second the pipeline creates in memory, from 32 callers. */
final class CreateRate {
  private static final int CALLERS = 32;
  private static final int EACH = 1_000;

  private CreateRate() {}

  public static void main(String[] args) throws InterruptedException {
    for (int round = 0; round < 4; round++) {
      try (Api api = new Api()) {
        long begin = dev.kapell.base.Clock.system().nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
          int number = caller;
          threads.add(Thread.ofVirtual().start(() -> create(api, number)));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        long nanos = dev.kapell.base.Clock.system().nanoTime() - begin;
        System.out.printf("%.0f pods/s%n", CALLERS * EACH * 1e9 / nanos);
      }
    }
  }

  private static void create(Api api, int caller) {
    Target target = new Target("", "v1", "pods", "default", "", "");
    try {
      for (int i = 0; i < EACH; i++) {
        String json =
            "{\"metadata\":{\"name\":\"p-%d-%d\",\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"img:1\"}]}}"
                .formatted(caller, i);
        api.core
            .pipeline()
            .handle(
                new ApiRequest(
                    Verb.CREATE,
                    target,
                    User.SYSTEM,
                    RequestOptions.NONE,
                    dev.kapell.apiserver.request.RequestBody.json(
                        json.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
