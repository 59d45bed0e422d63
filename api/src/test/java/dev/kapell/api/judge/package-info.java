/** The published Kubernetes client as the judge of our records: what it reads and writes, we read and write. */
@NullMarked
package dev.kapell.api.judge;

import org.jspecify.annotations.NullMarked;
