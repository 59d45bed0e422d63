/**
 * Claims of devices: made from the templates that pods name, given back when nobody uses them any
 * more. Which devices a claim gets is the scheduler's part.
 *
 * <p>Entry types: {@link dev.kapell.controllers.resourceclaim.PodClaimController} (pod to claims)
 * and {@link dev.kapell.controllers.resourceclaim.ReservationController} (claim to pods). No state.
 */
@NullMarked
package dev.kapell.controllers.resourceclaim;

import org.jspecify.annotations.NullMarked;
