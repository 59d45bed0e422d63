/**
 * Objects as rows: what {@code kubectl get} shows.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.table.Tables}. One row of a table here is one kind.
 * Pure.
 */
@NullMarked
package dev.kapell.apiserver.table;

import org.jspecify.annotations.NullMarked;
