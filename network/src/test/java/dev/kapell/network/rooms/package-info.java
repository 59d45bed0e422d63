/**
 * Network namespaces for tests with real packets. Entry type: {@link
 * dev.kapell.network.rooms.Rooms}.
 */
@NullMarked
package dev.kapell.network.rooms;

import org.jspecify.annotations.NullMarked;
