package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.explain.PlanPage;
import dev.kapell.app.manifest.Applier;
import dev.kapell.app.manifest.Applier.Foreseen;
import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kapell plan FILE…}. */
@Command(
    name = "plan",
    description = {
      "Says what applying manifests would do, and changes nothing: which objects would be created or"
          + " changed, where their pods would land, what would be evicted, what would not fit and why."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every pod has a place, nothing is evicted",
      "1:the server refuses something",
      "2:wrong usage",
      "3:some pods would not fit",
      "4:everything fits, but other pods would be evicted"
    },
    footer = {
      "",
      "Examples:",
      "  kapell plan -f shop/                    # a folder",
      "  helm template shop | kapell plan -f -   # standard input",
      "  kapell plan -f web.yaml && kapell apply -f web.yaml"
    })
final class PlanCommand implements Callable<Integer> {
  private static final String PATH = "/apis/scheduling.kapell.dev/v1alpha1/placementplans";
  private static final int REFUSED = 1;
  private static final int DOES_NOT_FIT = 3;
  private static final int EVICTS = 4;

  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();
  @Mixin private ManifestsMixin manifests = new ManifestsMixin();

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() {
    List<Manifest> wanted = manifests.read("plan");
    try (Connection connection = options.ask()) {
      List<Foreseen> objects = new Applier(connection, namespace.namespace()).foresee(wanted);
      Map<String, Object> status = ask(connection, objects);
      if (json.isWanted()) {
        JsonOption.print(page(objects, status));
      } else {
        PlanPage.of(objects, status).forEach(System.out::println);
      }
      return exitCode(status);
    }
  }

  private static Map<String, Object> ask(Connection connection, List<Foreseen> objects) {
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("kind", "PlacementPlan");
    plan.put("apiVersion", "scheduling.kapell.dev/v1alpha1");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put(
        "objects", new ArrayList<Object>(objects.stream().map(o -> o.applied().object()).toList()));
    plan.put("spec", spec);
    Connection.Answer answer =
        connection.send("POST", PATH, "application/json", JsonCodec.writeTree(plan));
    if (!answer.isSuccess()) {
      throw new UserError(Refusal.message(answer));
    }
    return Tree.map(JsonCodec.readTree(answer.body()), "status");
  }

  private static Map<String, Object> page(List<Foreseen> objects, Map<String, Object> status) {
    List<Object> list = new ArrayList<>();
    for (Foreseen object : objects) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("object", object.applied().served().shownAs() + "/" + object.applied().name());
      each.put("namespace", object.applied().namespace());
      each.put("outcome", object.applied().outcome().word());
      each.put("differences", new ArrayList<Object>(object.differences()));
      list.add(each);
    }
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("objects", list);
    page.putAll(status);
    return page;
  }

  private static int exitCode(Map<String, Object> status) {
    if (!Tree.list(status, "refusals").isEmpty()) {
      return REFUSED;
    }
    if (Tree.number(status, 0, "podsThatStay") > 0) {
      return DOES_NOT_FIT;
    }
    return Tree.number(status, 0, "podsEvicted") > 0 ? EVICTS : 0;
  }
}
