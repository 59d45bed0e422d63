/**
 * Claims and volumes find each other: the smallest volume that satisfies a claim is bound to it; a
 * claim that none satisfies is left to its class's provisioner; a volume whose claim is gone is
 * released.
 *
 * <pre>
 *   claim:   Pending ─▶ volume.claimRef ─▶ claim.volumeName ─▶ Bound ─▶ Lost (its volume is gone)
 *   volume:  Available ─▶ Bound ─▶ Released ─▶ gone (Delete), kept (Retain), Failed
 * </pre>
 *
 * <p>Each decision takes one step, of one write to an object; the change that it makes leads to the
 * next. Entry types: {@link dev.kapell.controllers.volume.ClaimController}, {@link
 * dev.kapell.controllers.volume.VolumeController}; {@link dev.kapell.controllers.volume.Asked} for
 * provisioners. No state.
 */
@NullMarked
package dev.kapell.controllers.volume;

import org.jspecify.annotations.NullMarked;
