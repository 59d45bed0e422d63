/**
 * A Kubernetes cluster inside a test: API server, controllers, scheduler and simulated nodes in
 * this process, without root, Docker or a download.
 *
 * <p>Entry types: {@link dev.kapell.testkit.TestCluster}, and {@link dev.kapell.testkit.KapellTest}
 * for JUnit. A cluster owns its threads; they have ended when it is closed.
 */
@NullMarked
package dev.kapell.testkit;

import org.jspecify.annotations.NullMarked;
