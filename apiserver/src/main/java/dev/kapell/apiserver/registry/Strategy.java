package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.defaulting.Defaults;
import dev.kapell.apiserver.validation.Format;
import dev.kapell.apiserver.validation.Rules;
import java.util.Optional;
import java.util.Set;

/**
 * How a kind behaves. Kinds without anything special get {@link #generic}.
 *
 * @param defaults what is filled in
 * @param rules what is refused
 * @param names how names look
 * @param preparation what the server itself sets
 * @param selectable paths that field selectors may use, besides name and namespace
 * @param traits yes-or-no behaviour
 * @param scale where the replicas are, for kinds with a scale subresource
 */
public record Strategy(
    Defaults defaults,
    Rules rules,
    Format names,
    Preparation preparation,
    Set<String> selectable,
    Set<Trait> traits,
    Optional<ScalePaths> scale) {

  /** Yes-or-no behaviour of a kind. */
  public enum Trait {
    /** {@code status} is written through its subresource only. */
    STATUS,
    /** {@code metadata.generation} counts changes of the spec. */
    GENERATION,
    /** {@code metadata.generation} stays 1. */
    FIRST_GENERATION,
    /** An update of an absent object creates it. */
    CREATE_ON_UPDATE,
    /** An update has to say which state it replaces. */
    NEEDS_REVISION,
    /** A delete answers with the object instead of a {@code Status}. */
    RETURN_DELETED,
    /** A delete waits for the node agent. */
    GRACEFUL
  }

  /**
   * Where a kind keeps its replicas.
   *
   * @param spec path of the wish, dotted
   * @param status path of the observed count, dotted
   * @param selector path of the selector, dotted; empty: none
   */
  public record ScalePaths(String spec, String status, String selector) {}

  /** Nothing special. */
  public static Strategy generic() {
    return new Strategy(
        Defaults.NONE,
        Rules.none(),
        Format.SUBDOMAIN,
        Preparation.NONE,
        Set.of(),
        Set.of(),
        Optional.empty());
  }

  /** Whether the kind has {@code trait}. */
  public boolean is(Trait trait) {
    return traits.contains(trait);
  }
}
