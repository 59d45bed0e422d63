package dev.kapell.scheduler.device;

import static dev.kapell.scheduler.device.Shop.choice;
import static dev.kapell.scheduler.device.Shop.device;
import static dev.kapell.scheduler.device.Shop.exactly;
import static dev.kapell.scheduler.device.Shop.firstOf;
import static dev.kapell.scheduler.device.Shop.same;
import static dev.kapell.scheduler.device.Shop.selectors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.resource.v1.CapacityRequirements;
import dev.kapell.api.resource.v1.Counter;
import dev.kapell.api.resource.v1.CounterSet;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.DeviceCapacity;
import dev.kapell.api.resource.v1.DeviceConstraint;
import dev.kapell.api.resource.v1.DeviceCounterConsumption;
import dev.kapell.api.resource.v1.DeviceTaint;
import dev.kapell.api.resource.v1.DeviceToleration;
import dev.kapell.api.resource.v1.ResourcePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTest {
  private static final String NONE = "cannot allocate all claims";
  private static final String MODEL = "device.attributes['gpu.example.com'].model == ";

  private final Shop shop = new Shop();

  private static Device tainted(Device device, String effect) {
    return device.withTaints(
        List.of(DeviceTaint.builder().key("broken").value("fan").effect(effect).build()));
  }

  @Test
  void eachDeviceIsGivenOnce() {
    shop.node("n1", device("a"), device("b"));
    shop.claim("one", exactly("r", r -> r));
    shop.claim("two", exactly("r", r -> r));
    shop.claim("three", exactly("r", r -> r));
    assertThat(shop.given("n1", "one", "two")).containsExactly("r=a", "r=b");
    assertThat(shop.refusal("n1", "one", "two", "three")).isEqualTo(NONE);
    shop.allocate("n1", "one");
    assertThat(shop.given("n1", "two")).containsExactly("r=b");
    shop.allocate("n1", "two");
    assertThat(shop.refusal("n1", "three")).isEqualTo(NONE);
  }

  @Test
  void whatIsOnItsWayIsTaken() {
    shop.node("n1", device("a"));
    shop.claim("one", exactly("r", r -> r));
    shop.claim("two", exactly("r", r -> r));
    List<Reservation> chosen = shop.choice("n1", "one").orElseThrow();
    shop.inFlight().start("p1", chosen);
    assertThat(shop.refusal("n1", "two")).isEqualTo(NONE);
    assertThat(shop.refusal("n1", "one")).as("who shares the claim has the device").isEmpty();
    assertThat(shop.refusal("n2", "one")).isEqualTo("resourceclaim not available on the node");
    List<Reservation> shared = shop.choice("n1", "one").orElseThrow();
    shop.inFlight().start("p2", shared);
    shop.inFlight().end("p1", chosen);
    assertThat(shop.refusal("n1", "two")).isEqualTo(NONE);
    shop.inFlight().end("p2", shared);
    assertThat(shop.refusal("n1", "two")).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "model == 'x', r=b",
    "index > 1, r=c",
    "memory == 'x', ''",
  })
  void selectorsChoose(String condition, String given) {
    shop.node(
        "n1",
        device("a", "model=w", "index=0"),
        device("b", "model=x", "index=1"),
        device("c", "model=y", "index=2"));
    shop.claim(
        "one",
        exactly(
            "r",
            r -> r.withSelectors(selectors("device.attributes['gpu.example.com']." + condition))));
    assertThat(shop.given("n1", "one")).isEqualTo(given.isEmpty() ? List.of() : List.of(given));
  }

  @Test
  void aSelectorWithoutAnAnswerSaysSo() {
    shop.node("n1", device("a"));
    shop.claim("one", exactly("r", r -> r.withSelectors(selectors(MODEL + "'x'"))));
    assertThat(shop.refusal("n1", "one"))
        .isEqualTo(
            "claim default/one, request r: selector comes to no answer for device"
                + " gpu.example.com/n1/a: no such key: model");
  }

  @Test
  void aClassLimitsToo() {
    shop.type("x", MODEL + "'x'");
    shop.node("n1", device("a", "model=w"), device("b", "model=x"));
    shop.claim("one", exactly("r", r -> r.withDeviceClassName("x")));
    assertThat(shop.given("n1", "one")).containsExactly("r=b");
  }

  @ParameterizedTest(name = "class {0}, selector {1}, mode {2}: {3}")
  @CsvSource({
    "none, true, ExactCount, 'claim default/one, request r: device class none does not exist'",
    "gpu, true, Some, 'claim default/one, request r: unsupported allocation mode Some'",
  })
  void aClaimThatNobodyCanFulfilIsHopeless(String type, String selector, String mode, String why) {
    shop.node("n1", device("a"));
    shop.claim(
        "one",
        exactly(
            "r",
            r ->
                r.withDeviceClassName(type)
                    .withSelectors(selectors(selector))
                    .withAllocationMode(mode)));
    assertThat(shop.pod("one").hopeless()).contains(why);
  }

  @Test
  void aSelectorThatIsNoneIsHopeless() {
    shop.claim("one", exactly("r", r -> r.withSelectors(selectors("device.nothing"))));
    assertThat(shop.pod("one").hopeless().orElse(""))
        .startsWith("claim default/one, request r: selector of the request does not compile:");
  }

  @Test
  void severalOfOneRequest() {
    shop.node("n1", device("a"), device("b"), device("c"));
    shop.claim("two", exactly("r", r -> r.withCount(2L)));
    shop.claim("four", exactly("r", r -> r.withCount(4L)));
    assertThat(shop.given("n1", "two")).containsExactly("r=a", "r=b");
    assertThat(shop.refusal("n1", "four")).isEqualTo(NONE);
  }

  @Test
  void allMeansEveryDeviceThatMatches() {
    shop.node("n1", device("a", "model=x"), device("b", "model=y"), device("c", "model=x"));
    shop.claim(
        "all",
        exactly(
            "r",
            r ->
                r.withAllocationMode("All")
                    .withCount(null)
                    .withSelectors(selectors(MODEL + "'x'"))));
    assertThat(shop.given("n1", "all")).containsExactly("r=a", "r=c");
    shop.claim("one", exactly("r", r -> r.withSelectors(selectors(MODEL + "'x'"))));
    shop.allocate("n1", "one");
    assertThat(shop.refusal("n1", "all")).as("one is taken").isEqualTo(NONE);
    assertThat(shop.refusal("n2", "all")).as("there is none").isEqualTo(NONE);
  }

  @Test
  void theFirstAlternativeThatCanBeHadIsTaken() {
    shop.node("n1", device("a", "model=x"), device("b", "model=y"), device("c", "model=y"));
    shop.claim(
        "one", firstOf("r", choice("best", MODEL + "'x'", 2), choice("fair", MODEL + "'y'", 2)));
    assertThat(shop.given("n1", "one")).containsExactly("r/fair=b", "r/fair=c");
  }

  @Test
  void anAlternativeIsGivenUpForALaterRequest() {
    shop.node("n1", device("a", "model=x"), device("b", "model=y"));
    shop.claim(
        "one",
        firstOf("r", choice("best", MODEL + "'x'", 1), choice("any", "", 1)),
        exactly("s", s -> s.withSelectors(selectors(MODEL + "'x'"))));
    assertThat(shop.given("n1", "one")).containsExactly("r/any=b", "s=a");
  }

  @Test
  void devicesHaveToHaveAnAttributeInCommon() {
    shop.node(
        "n1", device("a", "numa=0"), device("b", "numa=1"), device("c", "numa=1"), device("d"));
    shop.claim("two", List.of(same("gpu.example.com/numa")), exactly("r", r -> r.withCount(2L)));
    assertThat(shop.given("n1", "two")).containsExactly("r=b", "r=c");
    shop.claim("three", List.of(same("gpu.example.com/numa")), exactly("r", r -> r.withCount(3L)));
    assertThat(shop.refusal("n1", "three")).isEqualTo(NONE);
    shop.claim(
        "some",
        List.of(same("gpu.example.com/numa", "r", "s")),
        exactly("q", q -> q),
        exactly("r", r -> r),
        exactly("s", s -> s));
    assertThat(shop.given("n1", "some")).containsExactly("q=a", "r=b", "s=c");
  }

  @Test
  void devicesHaveToDifferInAnAttribute() {
    shop.node(
        "n1", device("a", "card=0"), device("b", "card=0"), device("c", "card=1"), device("d"));
    DeviceConstraint distinct =
        DeviceConstraint.builder().distinctAttribute("gpu.example.com/card").build();
    shop.claim("two", List.of(distinct), exactly("r", r -> r.withCount(2L)));
    assertThat(shop.given("n1", "two")).containsExactly("r=a", "r=c");
    shop.claim("three", List.of(distinct), exactly("r", r -> r.withCount(3L)));
    assertThat(shop.refusal("n1", "three")).isEqualTo(NONE);
  }

  @Test
  void whoOnlyWatchesTakesNothing() {
    shop.node("n1", device("a"), device("b"));
    shop.claim("user", exactly("r", r -> r.withCount(2L)));
    shop.allocate("n1", "user");
    shop.claim(
        "watcher",
        exactly("r", r -> r.withAllocationMode("All").withCount(null).withAdminAccess(true)));
    assertThat(Shop.results(shop.allocate("n1", "watcher").getFirst()))
        .hasSize(2)
        .allMatch(result -> result.adminAccessOr(false));
    shop.claims.remove("user");
    shop.claim("other", exactly("r", r -> r.withCount(2L)));
    assertThat(shop.refusal("n1", "other")).isEmpty();
  }

  @ParameterizedTest(name = "taint {0}, tolerated {1}: {2}")
  @CsvSource({
    "NoSchedule, '', b",
    "NoExecute, '', b",
    "None, '', a",
    "NoSchedule, Exists, a",
    "NoSchedule, Equal fan, a",
    "NoSchedule, Equal fire, b",
  })
  void taintsKeepDevicesBack(String effect, String toleration, String given) {
    shop.node("n1", tainted(device("a"), effect), device("b"));
    List<DeviceToleration> tolerations =
        toleration.isEmpty()
            ? List.of()
            : List.of(
                DeviceToleration.builder()
                    .key("broken")
                    .operator(toleration.split(" ", -1)[0])
                    .value(toleration.contains(" ") ? toleration.split(" ", -1)[1] : null)
                    .build());
    shop.claim("one", exactly("r", r -> r.withTolerations(tolerations)));
    assertThat(shop.given("n1", "one")).containsExactly("r=" + given);
  }

  @Test
  void aCapacityThatIsAskedForHasToBeThere() {
    Device large =
        device("b")
            .withCapacity(
                Map.of("memory", DeviceCapacity.builder().value(Quantity.parse("40Gi")).build()));
    shop.node("n1", device("a"), large);
    shop.claim(
        "one",
        exactly(
            "r",
            r ->
                r.withCapacity(
                    CapacityRequirements.builder()
                        .requests(Map.of("gpu.example.com/memory", Quantity.parse("30Gi")))
                        .build())));
    assertThat(shop.given("n1", "one")).containsExactly("r=b");
  }

  @Test
  void partitionsShareWhatTheirCardHas() {
    shop.slice(
        "n1",
        spec ->
            spec.withNodeName("n1")
                .withSharedCounters(
                    List.of(CounterSet.builder().name("card").counters(counters("40Gi")).build())),
        part("whole", "40Gi"),
        part("half-0", "20Gi"),
        part("half-1", "20Gi"));
    shop.claim("two", exactly("r", r -> r.withCount(2L)));
    assertThat(shop.given("n1", "two")).containsExactly("r=half-0", "r=half-1");
    shop.claim("one", exactly("r", r -> r));
    shop.allocate("n1", "one");
    shop.claim("more", exactly("r", r -> r));
    assertThat(shop.refusal("n1", "more")).as("the whole card is given").isEqualTo(NONE);
  }

  private static Device part(String name, String memory) {
    return device(name)
        .withConsumesCounters(
            List.of(
                DeviceCounterConsumption.builder()
                    .counterSet("card")
                    .counters(counters(memory))
                    .build()));
  }

  private static Map<String, Counter> counters(String memory) {
    return Map.of("memory", Counter.builder().value(Quantity.parse(memory)).build());
  }

  @Test
  void onlyTheNewestGenerationOfACompletePoolCounts() {
    shop.slice("n1", spec -> spec.withNodeName("n1"), device("old"));
    shop.slice("n1", spec -> spec.withNodeName("n1").withPool(pool("n1", 2, 2)), device("a"));
    shop.claim("one", exactly("r", r -> r));
    shop.claim("all", exactly("r", r -> r.withAllocationMode("All").withCount(null)));
    assertThat(shop.refusal("n1", "one")).as("half of it is missing").isEqualTo(NONE);
    assertThat(shop.refusal("n1", "all"))
        .isEqualTo(
            "claim default/all, request r: asks for all devices, but resource pool"
                + " gpu.example.com/n1 is currently being updated");
    shop.slice("n1", spec -> spec.withNodeName("n1").withPool(pool("n1", 2, 2)), device("b"));
    assertThat(shop.given("n1", "all")).containsExactly("r=a", "r=b");
    shop.slice("n2", spec -> spec.withNodeName("n2"), device("a"), device("a"));
    assertThat(shop.refusal("n2", "one")).as("a name twice").isEqualTo(NONE);
  }

  private static ResourcePool pool(String name, long generation, long slices) {
    return ResourcePool.builder()
        .name(name)
        .generation(generation)
        .resourceSliceCount(slices)
        .build();
  }

  @Test
  void devicesOfSeveralNodesGoByTheirSelector() {
    shop.slice("rack", spec -> spec.withNodeSelector(rack("a")), device("x"));
    shop.claim("one", exactly("r", r -> r));
    assertThat(shop.refusal("b1", "one")).isEqualTo(NONE);
    Reservation given = shop.allocate("a1", "one").getFirst();
    assertThat(given.allocation().nodeSelector()).isEqualTo(rack("a"));
    assertThat(shop.refusal("a2", "one")).as("in the same rack").isEmpty();
    assertThat(shop.refusal("b1", "one")).isEqualTo("resourceclaim not available on the node");
  }

  @Test
  void aDeviceMaySayItselfWhereItIs() {
    shop.slice(
        "pool",
        spec -> spec.withPerDeviceNodeSelection(true),
        device("x").withNodeName("n1"),
        device("y").withNodeSelector(rack("b")),
        device("z").withAllNodes(true));
    shop.claim("two", exactly("r", r -> r.withCount(2L)));
    assertThat(shop.given("n1", "two")).containsExactly("r=x", "r=z");
    assertThat(shop.given("b1", "two")).containsExactly("r=y", "r=z");
    assertThat(shop.refusal("c1", "two")).isEqualTo(NONE);
  }

  private static NodeSelector rack(String name) {
    return NodeSelector.builder()
        .nodeSelectorTerms(
            List.of(
                NodeSelectorTerm.builder()
                    .matchExpressions(
                        List.of(
                            NodeSelectorRequirement.builder()
                                .key("rack")
                                .operator("In")
                                .values(List.of(name))
                                .build()))
                    .build()))
        .build();
  }

  @Test
  void whatNeedsMoreThanIsDoneHereIsNotGiven() {
    shop.node(
        "n1",
        device("a").withBindingConditions(List.of("example.com/attached")),
        device("b").withAllowMultipleAllocations(true));
    shop.claim("one", exactly("r", r -> r));
    assertThat(shop.refusal("n1", "one")).isEqualTo(NONE);
  }

  @Test
  void aPuzzleWithoutAnEndIsGivenUp() {
    List<Device> many = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      many.add(device("d" + i, "numa=" + i % 16, "serial=" + i));
    }
    shop.node("n1", many.toArray(Device[]::new));
    shop.claim(
        "hard",
        List.of(
            DeviceConstraint.builder().distinctAttribute("gpu.example.com/numa").build(),
            same("gpu.example.com/none", "last")),
        exactly("r", r -> r.withCount(8L)),
        exactly("last", r -> r));
    assertThat(shop.refusal("n1", "hard"))
        .startsWith("claim default/hard: none of the first 20000 combinations of devices");
    shop.claim("large", exactly("r", r -> r.withAllocationMode("All").withCount(null)));
    assertThat(shop.refusal("n1", "large"))
        .isEqualTo("claim default/large, request r: more than 32 devices do not fit into a claim");
  }

  @Test
  void equalDevicesAreTriedOnce() {
    List<Device> many = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      many.add(device("d" + i, "numa=1"));
    }
    shop.node("n1", many.toArray(Device[]::new));
    shop.claim(
        "hard",
        List.of(same("gpu.example.com/none", "last")),
        exactly("r", r -> r.withCount(16L)),
        exactly("last", r -> r));
    assertThat(shop.refusal("n1", "hard")).as("known at once").isEqualTo(NONE);
  }
}
