/**
 * What is asked of claims of devices besides the form of their fields: selectors have to compile,
 * and only marked namespaces may look at devices that others use.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.device.DeviceRequests}. No state.
 */
@NullMarked
package dev.kapell.apiserver.device;

import org.jspecify.annotations.NullMarked;
