/**
 * Values out of decoded JSON whose shape is not known. Entry type: {@link
 * dev.kapell.app.tree.Tree}. Pure.
 */
@NullMarked
package dev.kapell.app.tree;

import org.jspecify.annotations.NullMarked;
