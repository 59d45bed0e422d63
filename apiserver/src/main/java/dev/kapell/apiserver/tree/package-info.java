/**
 * Views on JSON trees: an object, where it stands, and typed ways to read and fill it.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.tree.Obj}. A tree belongs to the request that decoded
 * it; nothing here is shared between threads.
 */
@NullMarked
package dev.kapell.apiserver.tree;

import org.jspecify.annotations.NullMarked;
