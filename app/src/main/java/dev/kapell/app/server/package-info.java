/**
 * One server process put together: store, API, controllers, scheduler, node agent, network. Entry
 * type: {@link dev.kapell.app.server.Server}. The main thread owns it.
 */
@NullMarked
package dev.kapell.app.server;

import org.jspecify.annotations.NullMarked;
