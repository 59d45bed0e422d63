package dev.kapell.scheduler.device;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodResourceClaim;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.v1.CELDeviceSelector;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.DeviceAllocationResult;
import dev.kapell.api.resource.v1.DeviceAttribute;
import dev.kapell.api.resource.v1.DeviceClaim;
import dev.kapell.api.resource.v1.DeviceClass;
import dev.kapell.api.resource.v1.DeviceClassSpec;
import dev.kapell.api.resource.v1.DeviceConstraint;
import dev.kapell.api.resource.v1.DeviceRequest;
import dev.kapell.api.resource.v1.DeviceRequestAllocationResult;
import dev.kapell.api.resource.v1.DeviceSelector;
import dev.kapell.api.resource.v1.DeviceSubRequest;
import dev.kapell.api.resource.v1.ExactDeviceRequest;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimSpec;
import dev.kapell.api.resource.v1.ResourcePool;
import dev.kapell.api.resource.v1.ResourceSlice;
import dev.kapell.api.resource.v1.ResourceSliceSpec;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Nodes with devices, and claims of them, without a server. */
final class Shop {
  static final String DRIVER = "gpu.example.com";

  final List<ResourceSlice> slices = new ArrayList<>();
  final Map<String, ResourceClaim> claims = new LinkedHashMap<>();
  final Map<String, DeviceClass> classes = new HashMap<>();
  private final InFlight inFlight = new InFlight();

  Shop() {
    type("gpu", "device.driver == '" + DRIVER + "'");
  }

  Shop type(String name, String selector) {
    classes.put(
        name,
        DeviceClass.builder()
            .metadata(ObjectMeta.builder().name(name).build())
            .spec(DeviceClassSpec.builder().selectors(selectors(selector)).build())
            .build());
    return this;
  }

  static List<DeviceSelector> selectors(String expression) {
    return expression.isEmpty()
        ? List.of()
        : List.of(
            DeviceSelector.builder()
                .cel(CELDeviceSelector.builder().expression(expression).build())
                .build());
  }

  /** A device; attributes are {@code key=value}, whole numbers are numbers. */
  static Device device(String name, String... attributes) {
    Map<String, DeviceAttribute> all = new LinkedHashMap<>();
    for (String attribute : attributes) {
      int at = attribute.indexOf('=');
      String value = attribute.substring(at + 1);
      all.put(
          attribute.substring(0, at),
          value.matches("\\d+")
              ? DeviceAttribute.builder().int_(Long.parseLong(value)).build()
              : DeviceAttribute.builder().string(value).build());
    }
    return Device.builder().name(name).attributes(all).build();
  }

  /** The whole pool of one node, by its name. */
  Shop node(String node, Device... devices) {
    return slice(node, spec -> spec.withNodeName(node), devices);
  }

  Shop slice(String pool, UnaryOperator<ResourceSliceSpec> edit, Device... devices) {
    ResourceSliceSpec spec =
        ResourceSliceSpec.builder()
            .driver(DRIVER)
            .pool(ResourcePool.builder().name(pool).generation(1L).resourceSliceCount(1L).build())
            .devices(Arrays.asList(devices))
            .build();
    slices.add(
        ResourceSlice.builder()
            .metadata(ObjectMeta.builder().name(pool + "-" + slices.size()).build())
            .spec(edit.apply(spec))
            .build());
    return this;
  }

  /** A request of one device, which {@code edit} may change. */
  static DeviceRequest exactly(String name, UnaryOperator<ExactDeviceRequest> edit) {
    ExactDeviceRequest one =
        ExactDeviceRequest.builder()
            .deviceClassName("gpu")
            .allocationMode("ExactCount")
            .count(1L)
            .build();
    return DeviceRequest.builder().name(name).exactly(edit.apply(one)).build();
  }

  static DeviceSubRequest choice(String name, String selector, long count) {
    return DeviceSubRequest.builder()
        .name(name)
        .deviceClassName("gpu")
        .allocationMode("ExactCount")
        .count(count)
        .selectors(selectors(selector))
        .build();
  }

  static DeviceRequest firstOf(String name, DeviceSubRequest... choices) {
    return DeviceRequest.builder().name(name).firstAvailable(Arrays.asList(choices)).build();
  }

  static DeviceConstraint same(String attribute, String... requests) {
    return DeviceConstraint.builder()
        .matchAttribute(attribute)
        .requests(Arrays.asList(requests))
        .build();
  }

  ResourceClaim claim(String name, DeviceRequest... requests) {
    return claim(name, List.of(), requests);
  }

  ResourceClaim claim(String name, List<DeviceConstraint> constraints, DeviceRequest... requests) {
    ResourceClaim claim =
        ResourceClaim.builder()
            .metadata(
                ObjectMeta.builder().namespace("default").name(name).uid("uid-" + name).build())
            .spec(
                ResourceClaimSpec.builder()
                    .devices(
                        DeviceClaim.builder()
                            .requests(Arrays.asList(requests))
                            .constraints(constraints)
                            .build())
                    .build())
            .build();
    claims.put(name, claim);
    return claim;
  }

  /** The claims of {@code names} as they are after a pod with them went to the node. */
  List<Reservation> allocate(String node, String... names) {
    List<Reservation> chosen = choice(node, names).orElseThrow();
    for (Reservation each : chosen) {
      ResourceClaim claim = Objects.requireNonNull(claims.get(each.claim().name()));
      claims.put(
          each.claim().name(), claim.withStatus(claim.status().withAllocation(each.allocation())));
    }
    return chosen;
  }

  /** What a pod with these claims gets on the node, as {@code request=device}. */
  List<String> given(String node, String... names) {
    return choice(node, names).orElse(List.of()).stream()
        .filter(Reservation::isNew)
        .flatMap(each -> results(each).stream())
        .map(result -> result.requestOr("") + "=" + result.deviceOr(""))
        .toList();
  }

  static List<DeviceRequestAllocationResult> results(Reservation reservation) {
    return reservation.allocation().devicesOr(DeviceAllocationResult.EMPTY).results();
  }

  Optional<List<Reservation>> choice(String node, String... names) {
    return pod(names).choice(node(node), devices());
  }

  /** Why a pod with these claims cannot go to the node; empty when it can. */
  String refusal(String node, String... names) {
    PodDevices pod = pod(names);
    return pod.hopeless().or(() -> pod.refusal(node(node), devices())).orElse("");
  }

  PodDevices pod(String... names) {
    return PodDevices.of(demand(names), devices());
  }

  InFlight inFlight() {
    return inFlight;
  }

  Devices devices() {
    Devices all =
        Devices.of(
            key -> Optional.ofNullable(claims.get(key.name())),
            name -> Optional.ofNullable(classes.get(name)),
            slices,
            List.copyOf(claims.values()));
    return new Devices(
        all.claims(),
        all.templates(),
        all.classes(),
        all.allocated(),
        all.inventory(),
        inFlight,
        all.selectors());
  }

  static Node node(String name) {
    return Node.builder()
        .metadata(
            ObjectMeta.builder()
                .name(name)
                .labels(Map.of("kubernetes.io/hostname", name, "rack", name.substring(0, 1)))
                .build())
        .build();
  }

  private static Demand demand(String... names) {
    Pod pod =
        Pod.builder()
            .metadata(ObjectMeta.builder().namespace("default").name("p").uid("uid-p").build())
            .spec(
                PodSpec.builder()
                    .resourceClaims(
                        Arrays.stream(names)
                            .map(
                                name ->
                                    PodResourceClaim.builder()
                                        .name(name)
                                        .resourceClaimName(name)
                                        .build())
                            .collect(Collectors.toList()))
                    .build())
            .build();
    return Demand.of(pod, new ResourceNames());
  }

  static ObjectKey key(String claim) {
    return new ObjectKey("default", claim);
  }
}
