package dev.kapell.scheduler.device;

import dev.kapell.api.resource.v1.DeviceRequestAllocationResult;

/** One device of the cluster. */
record DeviceId(String driver, String pool, String device) {
  static DeviceId of(DeviceRequestAllocationResult result) {
    return new DeviceId(result.driverOr(""), result.poolOr(""), result.deviceOr(""));
  }
}
