package dev.kapell.scheduler.demand;

/**
 * A term of pod affinity, wherever it stands.
 *
 * @param weight 0 for a term that has to hold
 */
public record PlacedTerm(Kind kind, int weight, String topologyKey, PodTerm pods) {
  /** What it asks for. */
  public enum Kind {
    /** To be in one domain with such pods. */
    NEAR,
    /** To be in no domain with such pods. */
    FAR,
    /** The same as a wish. */
    RATHER_NEAR,
    /** The same as a wish. */
    RATHER_FAR
  }
}
