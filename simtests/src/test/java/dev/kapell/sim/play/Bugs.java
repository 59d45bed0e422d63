package dev.kapell.sim.play;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.IntOrString;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.UncountedTerminatedPods;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchEvent;
import dev.kapell.sim.cluster.ForwardingClient;
import dev.kapell.sim.cluster.Interference;
import dev.kapell.store.Commit;
import dev.kapell.store.ForwardingStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Bugs that somebody might write, each as what it would do to the traffic. */
final class Bugs {
  private Bugs() {}

  private static boolean isBy(String loop) {
    return Thread.currentThread().getName().startsWith(loop);
  }

  /** A client through which objects of one type look otherwise. */
  private static final class Seeing<S extends ApiObject> extends ForwardingClient {
    private final Client client;
    private final ResourceType<S> type;
    private final UnaryOperator<S> look;
    private final Predicate<WatchEvent<?>> hears;

    Seeing(
        Client client,
        ResourceType<S> type,
        UnaryOperator<S> look,
        Predicate<WatchEvent<?>> hears) {
      this.client = client;
      this.type = type;
      this.look = look;
      this.hears = hears;
    }

    @Override
    protected Client to() {
      return client;
    }

    @SuppressWarnings("unchecked") // compared by name: an object of that type is an S
    private <T extends ApiObject> T seen(ResourceType<T> of, T object) {
      return of.toString().equals(type.toString()) && !of.isMetadataOnly()
          ? (T) look.apply((S) object)
          : object;
    }

    @Override
    public <T extends ApiObject> Optional<T> find(ResourceType<T> of, ObjectKey key) {
      return super.find(of, key).map(object -> seen(of, object));
    }

    @Override
    public <T extends ApiObject> T get(ResourceType<T> of, ObjectKey key) {
      return seen(of, super.get(of, key));
    }

    @Override
    public <T extends ApiObject> Listing<T> list(ResourceType<T> of, ListQuery query) {
      Listing<T> listing = super.list(of, query);
      return new Listing<>(
          listing.items().stream().map(object -> seen(of, object)).toList(),
          listing.resourceVersion());
    }

    @Override
    public <T extends ApiObject> Watch<T> watch(
        ResourceType<T> of, ListQuery query, String resourceVersion) {
      Watch<T> watch = super.watch(of, query, resourceVersion);
      if (!of.toString().equals(type.toString())) {
        return watch;
      }
      return new Watch<>() {
        @Override
        public WatchEvent<T> next() throws InterruptedException {
          while (true) {
            WatchEvent<T> event = watch.next();
            if (event instanceof WatchEvent.Bookmark<T> || hears.test(event)) {
              return look(of, event);
            }
          }
        }

        @Override
        public void close() {
          watch.close();
        }
      };
    }

    private <T extends ApiObject> WatchEvent<T> look(ResourceType<T> of, WatchEvent<T> event) {
      return switch (event) {
        case WatchEvent.Added<T>(T object) -> new WatchEvent.Added<>(seen(of, object));
        case WatchEvent.Modified<T>(T object) -> new WatchEvent.Modified<>(seen(of, object));
        case WatchEvent.Deleted<T>(T object) -> new WatchEvent.Deleted<>(seen(of, object));
        case WatchEvent.Bookmark<T> bookmark -> bookmark;
      };
    }
  }

  /** A client through which objects of one type look as {@code look} says. */
  static <S extends ApiObject> Client seeing(
      Client client, ResourceType<S> type, UnaryOperator<S> look) {
    return new Seeing<>(client, type, look, event -> true);
  }

  /** A bug of controllers: objects of one type look to them as {@code look} says. */
  static <S extends ApiObject> Interference controllersSee(
      ResourceType<S> type, UnaryOperator<S> look) {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return seeing(client, type, look);
      }
    };
  }

  /** The same of the scheduler. */
  static <S extends ApiObject> Interference schedulerSees(
      ResourceType<S> type, UnaryOperator<S> look) {
    return new Interference() {
      @Override
      public Client forScheduler(Client client) {
        return seeing(client, type, look);
      }
    };
  }

  /** Rollouts make two pods more than they may. */
  static Interference surgeForgotten() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new ForwardingClient() {
          @Override
          protected Client to() {
            return client;
          }

          @Override
          public <T extends ApiObject> T update(ResourceType<T> type, T object) {
            return super.update(type, more(object));
          }

          @SuppressWarnings("unchecked") // a replica set stays one
          private <T extends ApiObject> T more(T object) {
            return object instanceof ReplicaSet set
                    && isBy("deployment/")
                    && set.spec().replicasOr(0) > 0
                ? (T) set.withSpec(set.spec().withReplicas(set.spec().replicasOr(0) + 2))
                : object;
          }
        };
      }
    };
  }

  /** Rollouts take whatever serves away at once. */
  static Interference availabilityForgotten() {
    return controllersSee(Types.DEPLOYMENT, Bugs::careless);
  }

  private static Deployment careless(Deployment deployment) {
    RollingUpdateDeployment all =
        RollingUpdateDeployment.builder()
            .maxSurge(IntOrString.of(1))
            .maxUnavailable(IntOrString.of("100%"))
            .build();
    return deployment.withSpec(
        deployment
            .spec()
            .withStrategy(
                DeploymentStrategy.builder().type("RollingUpdate").rollingUpdate(all).build()));
  }

  /** The scheduler looks at no taint. */
  static Interference taintsForgotten() {
    return schedulerSees(Types.NODE, Bugs::untainted);
  }

  private static Node untainted(Node node) {
    return node.withSpec(node.spec().withTaints(List.of()).withUnschedulable(null));
  }

  /** The scheduler takes pods to need nothing. */
  static Interference requestsForgotten() {
    return schedulerSees(Types.POD, Bugs::modest);
  }

  private static Pod modest(Pod pod) {
    return pod.withSpec(
        pod.spec()
            .withContainers(
                pod.spec().containers().stream().map(c -> c.withResources(null)).toList()));
  }

  /** The garbage collector deletes nothing. */
  static Interference garbageLeft() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new ForwardingClient() {
          @Override
          protected Client to() {
            return client;
          }

          @Override
          public <T extends ApiObject> void delete(
              ResourceType<T> type, ObjectKey key, DeleteOptions options) {
            if (!isBy("garbagecollector")) {
              super.delete(type, key, options);
            }
          }
        };
      }
    };
  }

  private abstract static class JobStatuses extends ForwardingClient {
    private final Client client;

    JobStatuses(Client client) {
      this.client = client;
    }

    @Override
    protected Client to() {
      return client;
    }

    abstract Job told(Job job);

    @Override
    @SuppressWarnings("unchecked") // a job stays one
    public <T extends ApiObject> T updateStatus(ResourceType<T> type, T object) {
      return super.updateStatus(type, object instanceof Job job ? (T) told(job) : object);
    }
  }

  /** A job counts the pod that it has just counted once more. */
  static Interference jobCountsTwice() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new JobStatuses(client) {
          @Override
          Job told(Job job) {
            int succeeded = job.status().succeededOr(0);
            return succeeded == 0 ? job : job.withStatus(job.status().withSucceeded(succeeded + 1));
          }
        };
      }
    };
  }

  /** A job lets its pods go without having noted them. */
  static Interference jobForgetsPods() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new JobStatuses(client) {
          @Override
          Job told(Job job) {
            return job.withStatus(
                job.status()
                    .withSucceeded(0)
                    .withUncountedTerminatedPods(UncountedTerminatedPods.EMPTY));
          }
        };
      }
    };
  }

  /** Every write of a deployment is made twice. */
  static Interference everythingTwice() {
    return new Interference() {
      @Override
      public Store forServer(Store store) {
        return new Doubling(store);
      }
    };
  }

  private static final class Doubling extends ForwardingStore {
    Doubling(Store store) {
      super(store);
    }

    @Override
    public Commit write(List<Op> transaction) throws InterruptedException {
      List<Op> again = new ArrayList<>();
      for (Op op : transaction) {
        if (op instanceof Op.Put put && put.key().table().equals("apps/deployments")) {
          again.add(new Op.Put(put.key(), put.value().clone(), Op.ANY, put.stampAt()));
        }
      }
      Commit commit = super.write(transaction);
      if (commit instanceof Commit.Done && !again.isEmpty()) {
        super.write(again);
      }
      return commit;
    }
  }

  /** The controllers never hear that a pod is gone. */
  static Interference deletionsUnheard() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new Seeing<>(
            client, Types.POD, pod -> pod, event -> !(event instanceof WatchEvent.Deleted<?>));
      }
    };
  }

  /** Draining deletes where it should ask. */
  static Interference budgetsIgnored() {
    return new Interference() {
      @Override
      public Client forUsers(Client client) {
        return new ForwardingClient() {
          @Override
          protected Client to() {
            return client;
          }

          @Override
          public <S> S createSubresource(
              ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
            if (!subresource.equals("eviction")) {
              return super.createSubresource(parent, key, subresource, body, codec);
            }
            delete(Types.POD, key, DeleteOptions.EMPTY);
            return body;
          }
        };
      }
    };
  }

  /** Stateful sets make all their pods at once. */
  static Interference ordinalsTogether() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return seeing(
            client,
            Types.STATEFUL_SET,
            set -> set.withSpec(set.spec().withPodManagementPolicy("Parallel")));
      }
    };
  }

  /** The controllers never hear of a renewed lease. */
  static Interference heartbeatsUnheard() {
    return new Interference() {
      @Override
      public Client forControllers(Client client) {
        return new Seeing<>(client, Types.LEASE, lease -> lease, event -> false);
      }
    };
  }
}
