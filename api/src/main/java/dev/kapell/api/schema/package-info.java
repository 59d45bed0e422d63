/**
 * What the built-in types are made of: fields, references, how lists merge, descriptions. Entry
 * type: {@link dev.kapell.api.schema.Schema}. Immutable; loaded when first asked.
 */
@NullMarked
package dev.kapell.api.schema;

import org.jspecify.annotations.NullMarked;
