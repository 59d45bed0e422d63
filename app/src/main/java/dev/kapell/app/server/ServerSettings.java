package dev.kapell.app.server;

import dev.kapell.app.cluster.DataDir;

/**
 * How a server is run.
 *
 * @param dataDir where everything lives
 * @param bind the address that the API listens on
 * @param port of the API
 * @param agentPort of the node agent
 * @param nodeName this machine's name in the cluster
 * @param runsPods whether this machine is a node
 * @param runtimeSocket a CRI socket to use, empty for a containerd of our own
 * @param operations what an operator may set beyond
 */
public record ServerSettings(
    DataDir dataDir,
    String bind,
    int port,
    int agentPort,
    String nodeName,
    boolean runsPods,
    String runtimeSocket,
    OperationSettings operations) {}
