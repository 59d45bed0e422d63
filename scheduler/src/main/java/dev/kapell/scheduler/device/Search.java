package dev.kapell.scheduler.device;

import dev.kapell.cel.value.CelError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks for devices that fulfil all requests of all claims of a pod on one node, with all
 * constraints, going back on a choice when a later one fails. Finds them if there are any, unless
 * there are more ways than {@link #MOST_TRIES} to combine devices. Devices of one request are
 * interchangeable, and so are devices that differ in the name alone: such ways are tried once.
 *
 * <p>For one node and one thread; asked once.
 */
final class Search {
  /** So many devices are tried at most, a few milliseconds' work. */
  static final int MOST_TRIES = 20_000;

  /** So many devices fit into the status of a claim. */
  static final int MOST_DEVICES = 32;

  private static final String NONE = "cannot allocate all claims";

  /** A device chosen for a request of a claim. */
  record Pick(ClaimAsk claim, String request, Ask ask, Offer offer) {}

  /** What came of it: the devices, or why there are none. */
  sealed interface Result {
    /** All that was asked for, in the order of claims and requests. */
    record Found(List<Pick> picks) implements Result {}

    /** In words for people. */
    record Refused(String why) implements Result {}
  }

  /** The claim cannot be fulfilled on this node whatever is chosen. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String why;

    private Refusal(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  /** Devices that are as good as each other. */
  private record Kind(Pool pool, int kind) {}

  /** A request that is to be fulfilled. */
  private record Step(ClaimAsk claim, ClaimAsk.Request request, List<Constraint> constraints) {}

  private final List<Offer> offers;
  private final Predicate<DeviceId> taken;
  private final Counters counters;
  private final List<Step> steps = new ArrayList<>();
  private final List<Pick> picks = new ArrayList<>();
  private final Set<DeviceId> picked = new HashSet<>();
  private int tries;

  private Search(List<ClaimAsk> claims, List<Offer> offers, Predicate<DeviceId> taken) {
    this.offers = offers;
    this.taken = taken;
    this.counters = new Counters(taken);
    for (ClaimAsk claim : claims) {
      List<Constraint> constraints =
          claim.devices().constraints().stream().map(Constraint::new).toList();
      claim.requests().forEach(request -> steps.add(new Step(claim, request, constraints)));
    }
  }

  /**
   * Searches.
   *
   * @param offers the devices that the node can use
   * @param taken those that others have
   */
  static Result of(List<ClaimAsk> claims, List<Offer> offers, Predicate<DeviceId> taken) {
    Search search = new Search(claims, offers, taken);
    try {
      return search.fulfil(0)
          ? new Result.Found(List.copyOf(search.picks))
          : new Result.Refused(NONE);
    } catch (Refusal refusal) {
      return new Result.Refused(refusal.why);
    }
  }

  /** Fulfils the requests from this step on. */
  private boolean fulfil(int number) {
    if (number == steps.size()) {
      return true;
    }
    Step step = steps.get(number);
    for (Ask ask : step.request().choices()) {
      Optional<List<Offer>> candidates = candidates(step, ask);
      if (candidates.isPresent()) {
        long wanted = ask.all() ? candidates.get().size() : ask.count();
        if (choose(number, ask, candidates.get(), wanted, 0)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The devices that may fulfil an ask; empty when it cannot be. */
  private Optional<List<Offer>> candidates(Step step, Ask ask) {
    List<Offer> found = new ArrayList<>();
    for (Offer offer : offers) {
      if (isMeant(step, ask, offer)) {
        if (ask.mayHave(offer)) {
          found.add(offer);
        } else if (ask.all()) {
          offer.pool().problem().ifPresent(problem -> refuse(step, ask, offer, problem));
          return Optional.empty();
        }
      }
    }
    boolean enough = ask.all() ? !found.isEmpty() : found.size() >= ask.count();
    return enough ? Optional.of(found) : Optional.empty();
  }

  private static boolean isMeant(Step step, Ask ask, Offer offer) {
    try {
      return ask.means(offer);
    } catch (CelError e) {
      throw new Refusal(
          at(step, ask)
              + ": selector comes to no answer for device "
              + name(offer)
              + ": "
              + e.words());
    }
  }

  private static void refuse(Step step, Ask ask, Offer offer, String problem) {
    String pool = offer.pool().driver() + "/" + offer.pool().name();
    throw new Refusal(
        at(step, ask) + ": asks for all devices, but resource pool " + pool + " " + problem);
  }

  private static String at(Step step, Ask ask) {
    return "claim " + step.claim().key() + ", request " + ask.name();
  }

  private static String name(Offer offer) {
    DeviceId id = offer.id();
    return id.driver() + "/" + id.pool() + "/" + id.device();
  }

  /** Chooses {@code more} of the candidates from a place on, then fulfils what comes after. */
  private boolean choose(int number, Ask ask, List<Offer> candidates, long more, int from) {
    if (more == 0) {
      return fulfil(number + 1);
    }
    Set<Kind> failed = new HashSet<>();
    int last = (int) Math.min(candidates.size(), candidates.size() - more + 1);
    for (int place = from; place < last; place++) {
      Offer offer = candidates.get(place);
      if (isFree(ask, offer) && failed.add(new Kind(offer.pool(), offer.kind()))) {
        if (put(steps.get(number), ask, offer)) {
          if (choose(number, ask, candidates, more - 1, place + 1)) {
            return true;
          }
          takeBack(steps.get(number), ask, offer);
        }
      }
      if (ask.all()) {
        return false; // it is this one or none
      }
    }
    return false;
  }

  private boolean isFree(Ask ask, Offer offer) {
    return ask.admin() || (!taken.test(offer.id()) && !picked.contains(offer.id()));
  }

  /** Takes a device, if it goes with the others. */
  private boolean put(Step step, Ask ask, Offer offer) {
    if (++tries > MOST_TRIES) {
      throw new Refusal(
          "claim "
              + step.claim().key()
              + ": none of the first "
              + MOST_TRIES
              + " combinations of devices satisfies all constraints; ask for fewer devices, or say"
              + " more about them");
    }
    long own = picks.stream().filter(p -> p.claim().key().equals(step.claim().key())).count();
    if (own >= MOST_DEVICES) {
      if (step.request().choices().size() > 1) {
        return false;
      }
      throw new Refusal(
          at(step, ask) + ": more than " + MOST_DEVICES + " devices do not fit into a claim");
    }
    if (!ask.admin() && !counters.take(offer)) {
      return false;
    }
    for (int i = 0; i < step.constraints().size(); i++) {
      if (!step.constraints().get(i).add(step.request().name(), ask, offer)) {
        step.constraints().subList(0, i).forEach(c -> c.remove(step.request().name(), ask));
        giveBack(ask, offer);
        return false;
      }
    }
    picks.add(new Pick(step.claim(), step.request().name(), ask, offer));
    if (!ask.admin()) {
      picked.add(offer.id());
    }
    return true;
  }

  private void takeBack(Step step, Ask ask, Offer offer) {
    picks.removeLast();
    step.constraints().forEach(constraint -> constraint.remove(step.request().name(), ask));
    if (!ask.admin()) {
      picked.remove(offer.id());
    }
    giveBack(ask, offer);
  }

  private void giveBack(Ask ask, Offer offer) {
    if (!ask.admin()) {
      counters.giveBack(offer);
    }
  }
}
