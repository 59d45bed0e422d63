/**
 * YAML to trees, as Kubernetes' own parser reads it. Entry type: {@link dev.kapell.api.yaml.Yaml}.
 * Pure.
 */
@NullMarked
package dev.kapell.api.yaml;

import org.jspecify.annotations.NullMarked;
