package dev.kapell.scheduler.device;

import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.client.ObjectKey;

/**
 * What becomes of a claim when a pod that uses it is bound: the pod is entered as its user, and if
 * it is the first, the devices are allocated.
 *
 * @param claim its key
 * @param uid its identity
 * @param allocation the devices
 * @param isNew whether they are still to be allocated, else they have to be there
 */
public record Reservation(
    ObjectKey claim, String uid, AllocationResult allocation, boolean isNew) {}
