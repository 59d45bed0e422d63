package dev.kapell.apiserver.proxy;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Reader;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import java.util.Map;
import java.util.Optional;

/** Where node agents listen, and how the API server shows itself to them. */
public final class Agents {
  private static final int DEFAULT_PORT = 10250;

  /** The runtime of nodes that are no machines; those that announce no port have no agent. */
  private static final String NO_AGENT = "simulated:";

  private final Reader reader;
  private volatile TlsIdentity identity;

  /**
   * @param identity the client certificate for agents, and the authority that signed theirs
   */
  public Agents(Reader reader, TlsIdentity identity) {
    this.reader = reader;
    this.identity = identity;
  }

  /** Shows {@code other} from the next connection on. */
  public void show(TlsIdentity other) {
    identity = other;
  }

  /** The agent of the node {@code name}; throws 404 or 503 when there is none to reach. */
  public Upstream of(String name) {
    return of(
        name,
        Obj.root(
            tree(
                JsonCodec.encode(
                    Types.NODE.codec(), reader.get(Types.NODE, ObjectKey.cluster(name))))));
  }

  /** The agent of a node that is at hand. */
  public Upstream of(String name, Obj node) {
    Obj status = node.child("status");
    long port = status.child("daemonEndpoints").child("kubeletEndpoint").number("Port", 0);
    if (port == 0
        && status.child("nodeInfo").text("containerRuntimeVersion").startsWith(NO_AGENT)) {
      throw Failures.unavailable(
          "node \""
              + name
              + "\" is simulated: its pods run no program, so there is nothing to read and"
              + " nothing to connect to");
    }
    String address =
        address(node, "InternalIP")
            .or(() -> address(node, "ExternalIP"))
            .or(() -> address(node, "Hostname"))
            .orElseThrow(() -> Failures.unavailable("node \"" + name + "\" has no address"));
    return new Upstream(address, (int) (port == 0 ? DEFAULT_PORT : port), Optional.of(identity));
  }

  private static Optional<String> address(Obj node, String type) {
    return node.child("status").items("addresses").stream()
        .filter(each -> each.text("type").equals(type))
        .map(each -> each.text("address"))
        .findFirst();
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  static Map<String, Object> tree(byte[] json) {
    if (JsonCodec.readTree(json) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalStateException("an object was expected");
  }
}
