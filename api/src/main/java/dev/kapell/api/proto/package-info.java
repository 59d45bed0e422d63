/**
 * Protocol buffers: what generated codecs read and write with. Entry type: {@link
 * dev.kapell.api.proto.ProtoCodec}. Readers and writers belong to one thread.
 */
@NullMarked
package dev.kapell.api.proto;

import org.jspecify.annotations.NullMarked;
