/**
 * Requests that no sensible client sends, by the million, from a seed: every verb, kind, header,
 * content type, patch form and query of the API, made from its own OpenAPI documents. The server
 * has to answer each with something below 500, soon, without growing, and to let nobody further
 * than they may.
 *
 * <p>Entry type: {@link dev.kapell.bench.fuzz.Fuzz}. Each sender has a thread, a connection and a
 * random sequence of its own.
 */
@NullMarked
package dev.kapell.bench.fuzz;

import org.jspecify.annotations.NullMarked;
