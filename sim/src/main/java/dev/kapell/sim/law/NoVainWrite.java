package dev.kapell.sim.law;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.sim.story.Moment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nobody writes when nothing changed, and nobody writes the same object again and again. */
final class NoVainWrite implements Law {
  /** So many writes of one object within one second are a circle. */
  private static final int MOST_A_SECOND = 150;

  private record Written(String type, ObjectKey key) {}

  private final Map<Written, Integer> thisSecond = new HashMap<>();
  private Duration second = Duration.ZERO;

  @Override
  public void at(Moment moment, Scene scene) {
    if (!moment.isByControlPlane()) {
      return;
    }
    ApiObject before = moment.before();
    ApiObject after = moment.after();
    if (before != null
        && after != null
        && plain(moment.type(), before).equals(plain(moment.type(), after))) {
      scene.broken(this, moment.who() + " writes " + name(moment) + " and changes nothing");
    }
    if (moment.at().toSeconds() != second.toSeconds()) {
      second = moment.at();
      thisSecond.clear();
    }
    int writes = thisSecond.merge(new Written(moment.type().kind(), moment.key()), 1, Integer::sum);
    if (writes == MOST_A_SECOND) {
      scene.broken(
          this, name(moment) + " is written " + writes + " times in a second, by " + moment.who());
    }
  }

  private static String name(Moment moment) {
    return moment.type().kind() + " " + moment.key();
  }

  @SuppressWarnings("unchecked") // an object is of its type
  private static <T extends ApiObject> T plain(ResourceType<T> type, ApiObject object) {
    ObjectMeta meta = object.metadata().withResourceVersion(null).withManagedFields(List.of());
    return type.withMetadata((T) object, meta);
  }
}
