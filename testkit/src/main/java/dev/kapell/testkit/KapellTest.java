package dev.kapell.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives JUnit tests a cluster: parameters of type {@link TestCluster} and {@link
 * dev.kapell.client.Client} are filled in.
 *
 * <p>On a class, all its tests share one cluster, started when the first one asks and closed after
 * the last. On a method, the test has a cluster of its own. Tests that share one keep apart best by
 * a namespace each.
 *
 * <pre>{@code
 * @KapellTest
 * class OperatorTest {
 *   @Test
 *   void makesADeployment(TestCluster cluster) {
 *     cluster.client().create(Types.CONFIG_MAP, …);
 *   }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KapellExtension.class)
public @interface KapellTest {
  /** How many simulated nodes; 0 for a cluster in which pods stay pending. */
  int nodes() default 1;
}
