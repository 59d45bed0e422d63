package dev.kapell.scheduler.extender;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * A program that has a say.
 *
 * @param prefix of its addresses; a verb follows after a slash
 * @param filterVerb asks which nodes are acceptable; empty: it is not asked that
 * @param prioritizeVerb asks which are better; empty: it is not asked that
 * @param bindVerb asks it to bind the pod; empty: the scheduler does
 * @param weight how much its points, from 0 to 10, count
 * @param patience how long an answer may take
 * @param namesOnly whether nodes are named to it, not shown
 * @param resources it hears only of pods that ask for one of these; empty: of all
 * @param ignorable whether pods go on without it when it does not answer
 */
public record ExtenderOptions(
    URI prefix,
    String filterVerb,
    String prioritizeVerb,
    String bindVerb,
    int weight,
    Duration patience,
    boolean namesOnly,
    Set<String> resources,
    boolean ignorable) {
  /** Copies. */
  public ExtenderOptions {
    resources = Set.copyOf(resources);
  }

  URI at(String verb) {
    String text = prefix.toString();
    return URI.create((text.endsWith("/") ? text : text + "/") + verb);
  }
}
