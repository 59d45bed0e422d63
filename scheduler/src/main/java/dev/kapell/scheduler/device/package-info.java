/**
 * Which devices a pod's claims get on a node: what drivers offer, what is taken, what the claims
 * ask for, and the search for devices that satisfy all of it.
 *
 * <pre>
 *   slices ─▶ Inventory ─▶ Offers that reach the node ─┐
 *   claims, classes ─▶ ClaimAsk ─▶ Request ─▶ Ask ─────┼─▶ Search ─▶ Reservation (claim, devices)
 *   claims allocated, InFlight ─▶ taken ───────────────┘
 * </pre>
 *
 * <p>Entry types: {@link dev.kapell.scheduler.device.PodDevices} and {@link
 * dev.kapell.scheduler.device.Devices}. Pure, but for what is in flight and what is remembered of
 * selectors, which the scheduler's thread owns.
 */
@NullMarked
package dev.kapell.scheduler.device;

import org.jspecify.annotations.NullMarked;
