/**
 * The client inside the server's process: the same pipeline, without HTTP. Entry type: {@link
 * dev.kapell.apiserver.local.LocalClient}. Any thread may use it.
 */
@NullMarked
package dev.kapell.apiserver.local;

import org.jspecify.annotations.NullMarked;
