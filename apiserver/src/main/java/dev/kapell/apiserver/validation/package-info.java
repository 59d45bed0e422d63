/**
 * What the API server refuses, kind by kind, with Kubernetes' field paths and words; and what it
 * accepts though nobody fulfils it ({@link dev.kapell.apiserver.validation.Honour}).
 *
 * <p>Entry type: {@link dev.kapell.apiserver.validation.Rules}. Pure: reads the tree of one request
 * and collects {@link dev.kapell.apiserver.validation.Errors}.
 */
@NullMarked
package dev.kapell.apiserver.validation;

import org.jspecify.annotations.NullMarked;
