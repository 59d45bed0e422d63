/**
 * Label and field selectors. Entry types: {@link dev.kapell.api.selector.LabelQuery}, {@link
 * dev.kapell.api.selector.FieldQuery}. Immutable values.
 */
@NullMarked
package dev.kapell.api.selector;

import org.jspecify.annotations.NullMarked;
