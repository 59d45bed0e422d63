/**
 * Who owns which field: sets of fields, how two objects differ, and how a stated object merges into
 * a present one. Pure; works on trees and knows no kind, only {@link
 * dev.kapell.apiserver.fields.Shape}s.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.fields.Ownership}. Trees and sets belong to the
 * request that made them; shapes are immutable and shared. Follows the reference's page on
 * server-side apply.
 */
@NullMarked
package dev.kapell.apiserver.fields;

import org.jspecify.annotations.NullMarked;
