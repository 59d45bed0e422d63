package dev.kapell.sim.law;

import dev.kapell.api.coordination.v1.Lease;
import dev.kapell.sim.story.Moment;

/** Of several managers only the one that holds their lease writes anything but leases. */
final class OneLeader implements Law {
  private static final String LEASE = "managers";

  private String leader = "";

  @Override
  public void at(Moment moment, Scene scene) {
    if (moment.type().kind().equals("Lease")) {
      if (moment.key().name().equals(LEASE)) {
        leader = moment.after(Lease.class).map(l -> l.spec().holderIdentityOr("")).orElse("");
      }
      return;
    }
    int at = moment.who().indexOf('@');
    String writer = at < 0 ? "" : moment.who().substring(at + 1);
    if (!writer.isEmpty() && !leader.isEmpty() && !writer.equals(leader)) {
      scene.broken(
          this,
          moment.who()
              + " writes "
              + moment.type().kind()
              + " "
              + moment.key()
              + ", and "
              + leader
              + " leads");
    }
  }
}
