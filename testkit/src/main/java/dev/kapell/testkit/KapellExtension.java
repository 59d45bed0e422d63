package dev.kapell.testkit;

import dev.kapell.client.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fills in the parameters that {@link KapellTest} promises. JUnit closes the cluster with its
 * scope.
 */
public final class KapellExtension implements ParameterResolver {
  private static final Namespace OURS = Namespace.create(KapellExtension.class);

  /** JUnit makes one for each place that is annotated. */
  public KapellExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type.equals(TestCluster.class) || type.equals(Client.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Place place = place(context);
    TestCluster cluster =
        place
            .context()
            .getStore(OURS)
            .computeIfAbsent(
                place.context().getUniqueId(), _ -> start(place.wanted()), TestCluster.class);
    return parameter.getParameter().getType().equals(Client.class) ? cluster.client() : cluster;
  }

  /** Where the annotation stands: there the cluster begins and ends. */
  private record Place(ExtensionContext context, KapellTest wanted) {}

  private static Place place(ExtensionContext from) {
    for (Optional<ExtensionContext> at = Optional.of(from);
        at.isPresent();
        at = at.get().getParent()) {
      Optional<KapellTest> wanted =
          AnnotationSupport.findAnnotation(at.get().getElement(), KapellTest.class);
      if (wanted.isPresent()) {
        return new Place(at.get(), wanted.get());
      }
    }
    throw new ParameterResolutionException(
        "no @KapellTest on " + from.getDisplayName() + ": put it on the test or its class");
  }

  private static TestCluster start(KapellTest wanted) {
    try {
      return TestCluster.builder().nodes(wanted.nodes()).start();
    } catch (IOException e) {
      throw new UncheckedIOException("the cluster could not be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("interrupted while the cluster started", e);
    }
  }
}
