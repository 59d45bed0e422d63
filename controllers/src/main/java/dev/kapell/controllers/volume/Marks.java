package dev.kapell.controllers.volume;

/** Annotations by which binder, scheduler and provisioners tell each other of volumes. */
public final class Marks {
  /** On a claim: the binding is complete. */
  public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

  /** On a claim or volume: not a person, but the binder has chosen the other side. */
  public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /** On a volume: the provisioner that made it. */
  public static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  /** On a claim: the provisioner that is to make a volume. */
  public static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";

  /** The same for older provisioners. */
  public static final String OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";

  /** On a claim: the node that the scheduler has chosen for its first consumer. */
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  /** On a claim or volume, before there was a field for it: the class. */
  static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

  private Marks() {}
}
