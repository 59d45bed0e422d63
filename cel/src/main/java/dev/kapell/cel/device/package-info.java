/**
 * Selectors of devices: what an expression can ask of a device that a driver offers.
 *
 * <p>Entry type: {@link dev.kapell.cel.device.DeviceExpression}. Immutable.
 */
@NullMarked
package dev.kapell.cel.device;

import org.jspecify.annotations.NullMarked;
