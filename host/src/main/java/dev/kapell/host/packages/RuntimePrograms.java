package dev.kapell.host.packages;

import java.nio.file.Path;

/**
 * Where the programs are that run containers here.
 *
 * @param cniPlugins directory of the CNI plugins
 * @param busybox statically linked
 */
public record RuntimePrograms(
    Path containerd,
    Path ctr,
    Path runc,
    Path cniPlugins,
    Path nft,
    Path ip,
    Path conntrack,
    Path busybox) {}
