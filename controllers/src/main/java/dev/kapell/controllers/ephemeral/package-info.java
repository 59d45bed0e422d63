/**
 * The claims of pods' ephemeral volumes: made from the pod's own template, and gone with the pod.
 *
 * <p>Entry type: {@link dev.kapell.controllers.ephemeral.EphemeralVolumeController}. No state.
 */
@NullMarked
package dev.kapell.controllers.ephemeral;

import org.jspecify.annotations.NullMarked;
