/**
 * Custom resources' schemas in protobuf. Entry type: {@link
 * dev.kapell.api.schemaforms.SchemaForms}. Pure.
 */
@NullMarked
package dev.kapell.api.schemaforms;

import org.jspecify.annotations.NullMarked;
