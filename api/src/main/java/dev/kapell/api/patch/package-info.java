/**
 * The forms of a patch on trees: JSON patch, merge patch, strategic merge patch. Entry types are
 * the classes named after them. Pure.
 */
@NullMarked
package dev.kapell.api.patch;

import org.jspecify.annotations.NullMarked;
