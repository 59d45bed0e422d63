/**
 * JSON: what generated codecs read and write with, trees, and objects with room for a revision.
 * Entry type: {@link dev.kapell.api.json.JsonCodec}. Readers and writers belong to one thread.
 */
@NullMarked
package dev.kapell.api.json;

import org.jspecify.annotations.NullMarked;
