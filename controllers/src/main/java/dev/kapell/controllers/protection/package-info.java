/**
 * Claims that pods use, and volumes that are bound, are not removed before their use ends: a
 * finalizer holds them.
 *
 * <p>Entry types: {@link dev.kapell.controllers.protection.ClaimProtectionController}, {@link
 * dev.kapell.controllers.protection.VolumeProtectionController}. No state.
 */
@NullMarked
package dev.kapell.controllers.protection;

import org.jspecify.annotations.NullMarked;
