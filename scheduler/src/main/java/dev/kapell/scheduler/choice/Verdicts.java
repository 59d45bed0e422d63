package dev.kapell.scheduler.choice;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.extender.ExtenderException;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The best node for a pod by the rules of one profile. The cost does not grow with the cluster:
 *
 * <ul>
 *   <li>what depends on a node alone is kept for all demands of one shape, and asked again only of
 *       rows that changed;
 *   <li>a demand about which nothing else matters takes the best of all rows seen so far from a
 *       heap; others look at a sample of the rows that fit, as Kubernetes does, whose start
 *       rotates;
 *   <li>pods elsewhere are not counted but looked up ({@link dev.kapell.scheduler.cluster.Tally}).
 * </ul>
 *
 * <p>One thread's.
 */
public final class Verdicts {
  /** Rows of all shapes together about which something is remembered. */
  private static final int REMEMBERED_ROWS = 1 << 20;

  private static final int LEAST_SHAPES = 16;

  /** So many rows are looked at for the first time with each pod. */
  private static final int CHUNK = 32;

  private record Kind(Object shape, int priority) {}

  /**
   * What came of it.
   *
   * @param row the best; empty when none fits
   * @param refusers a bit for each filter, by its place in the list, that refused some node
   */
  public record Answer(Optional<Integer> row, long refusers) {
    private static Answer of(int row) {
      return new Answer(Optional.of(row), 0);
    }
  }

  private final Profile profile;
  private final View view;
  private final Extenders extenders;
  private final Found found = new Found();
  private int nextBlock;
  private final Map<Kind, RowVerdicts> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, RowVerdicts> eldest) {
          return size() > LEAST_SHAPES && (long) size() * view.cluster().rows() > REMEMBERED_ROWS;
        }
      };

  /** Knows nothing yet. */
  public Verdicts(Profile profile, View view, Extenders extenders) {
    this.profile = profile;
    this.view = view;
    this.extenders = extenders;
  }

  /**
   * The best row that fits.
   *
   * @throws ExtenderException when a program that has a say does not answer
   */
  public Answer best(Pod pod, Demand demand) throws InterruptedException {
    Asked social = Asked.of(profile.plugins(), false, demand, view);
    RowVerdicts rows =
        known.computeIfAbsent(
            new Kind(demand.shape(), demand.priority()),
            kind -> new RowVerdicts(profile.plugins(), view, demand));
    rows.refresh(demand);
    boolean asksOthers = extenders.concern(pod);
    Optional<Integer> own = view.cluster().nominatedRow(pod.metadata().uidOr(""));
    if (own.isPresent() && !asksOthers && fits(own.get(), pod, demand, rows.asked(), social)) {
      return Answer.of(own.get());
    }
    int enough = Sampling.enough(view.cluster().nodeCount(), profile.percentageOfNodesToScore());
    if (social.isEmpty() && !asksOthers) {
      rows.look(enough, CHUNK, demand);
      return rows.isEmpty()
          ? new Answer(Optional.empty(), rows.refusers())
          : Answer.of(rows.best());
    }
    return sample(pod, demand, new Search(social, rows, enough, asksOthers));
  }

  private record Search(Asked social, RowVerdicts rows, int enough, boolean asksOthers) {}

  /** A node that is being cleared for the pod is taken without looking further. */
  private boolean fits(int row, Pod pod, Demand demand, Asked local, Asked social) {
    Cluster cluster = view.cluster();
    return cluster.node(row) != null
        && local.refuser(row) == Asked.FITS
        && social.refuser(row) == Asked.FITS
        && Asked.refuserWithNominated(
                profile.plugins().filters(), demand, view, row, pod.metadata().uidOr(""))
            == Asked.FITS;
  }

  private Answer sample(Pod pod, Demand demand, Search search) throws InterruptedException {
    Walk walk = collect(demand, search);
    if (search.asksOthers() && found.count() > 0) {
      extenders.filter(pod, new Rows());
    }
    if (found.count() == 0) {
      return new Answer(Optional.empty(), refusers(walk, demand, search));
    }
    found.add(search.social());
    if (search.asksOthers()) {
      extenders.prioritize(pod, new Rows());
    }
    return Answer.of(found.best());
  }

  /**
   * What a search went over.
   *
   * @param first the block that it began with
   * @param blocks how many
   * @param refusers a bit for each filter that refused a node because of pods that are to come
   */
  private record Walk(int first, int blocks, long refusers) {}

  /**
   * Goes over the rows in blocks that are far from each other, until enough fit. A block costs what
   * there is in it to look at: rows that are refused together are passed over together.
   */
  private Walk collect(Demand demand, Search search) {
    found.clear();
    long refusers = 0;
    int blocks = blocks();
    int step = step(blocks);
    int first = nextBlock % Math.max(1, blocks);
    int walked = 0;
    for (int block = first; walked < blocks && found.count() < search.enough(); walked++) {
      int fitting = search.rows().fitting(block, demand);
      for (int left = search.social().fitting(block, fitting); left != 0; left &= left - 1) {
        int row = block * Cluster.BLOCK + Integer.numberOfTrailingZeros(left);
        int refuser = withNominated(row, demand);
        if (refuser == Asked.FITS) {
          found.add(row, search.rows().score(row));
        } else {
          refusers |= 1L << refuser;
        }
      }
      block = (block + step) % blocks;
      nextBlock = block;
    }
    return new Walk(first, walked, refusers);
  }

  private int withNominated(int row, Demand demand) {
    return view.cluster().hasNominations()
        ? Asked.refuserWithNominated(profile.plugins().filters(), demand, view, row, "")
        : Asked.FITS;
  }

  /** Who refused what was gone over: only asked when nothing is left of it. */
  private long refusers(Walk walk, Demand demand, Search search) {
    long refusers = walk.refusers();
    int blocks = blocks();
    int step = step(blocks);
    int block = walk.first();
    for (int i = 0; i < walk.blocks(); i++, block = (block + step) % blocks) {
      int end = Math.min(view.cluster().rows(), (block + 1) * Cluster.BLOCK);
      for (int row = block * Cluster.BLOCK; row < end; row++) {
        int refuser = search.rows().refuser(row, demand);
        if (refuser == Asked.FITS) {
          refuser = search.social().refuser(row);
        }
        if (refuser >= 0) {
          refusers |= 1L << refuser;
        }
      }
    }
    return refusers;
  }

  private int blocks() {
    return (view.cluster().rows() + Cluster.BLOCK - 1) / Cluster.BLOCK;
  }

  /** About three eighths of all, and without a common divisor. */
  private static int step(int blocks) {
    int step = Math.max(1, blocks * 3 / 8);
    while (gcd(step, blocks) != 1) {
      step++;
    }
    return step;
  }

  private static int gcd(int one, int other) {
    return other == 0 ? one : gcd(other, one % other);
  }

  /** The rows found, for the programs that have a say. */
  private final class Rows implements Extenders.Candidates {
    @Override
    public int count() {
      return found.count();
    }

    @Override
    public Node node(int place) {
      return view.cluster().nodeOf(found.row(place));
    }

    @Override
    public void keep(int[] places) {
      found.keep(places);
    }

    @Override
    public void add(int place, double score) {
      found.addTo(place, score);
    }
  }
}
