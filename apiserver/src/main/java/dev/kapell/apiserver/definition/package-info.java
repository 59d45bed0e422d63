/**
 * What the versions of a CustomResourceDefinition have to be when they are defined: structural
 * schemas, defaults, expressions, columns, subresources, selectable fields.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.definition.DefinitionCheck}. Nothing here keeps state;
 * a check belongs to the request that makes it. Names, scope, conversion and stored versions are
 * checked with the other kinds, by {@code validation}.
 */
@NullMarked
package dev.kapell.apiserver.definition;

import org.jspecify.annotations.NullMarked;
