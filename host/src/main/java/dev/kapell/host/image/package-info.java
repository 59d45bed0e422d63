/**
 * Container images put together from nothing: layers, configuration, index, one archive.
 *
 * <p>Entry types: {@link dev.kapell.host.image.OciArchive} for any images, {@link
 * dev.kapell.host.image.OwnImages} for the two that Kapell brings. Pure: the same input gives the
 * same bytes, whatever the time and the machine.
 */
@NullMarked
package dev.kapell.host.image;

import org.jspecify.annotations.NullMarked;
