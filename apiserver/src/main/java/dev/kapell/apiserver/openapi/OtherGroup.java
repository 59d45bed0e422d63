package dev.kapell.apiserver.openapi;

import java.util.Map;

/**
 * The schemas of a group and version that another server serves. Trees that are not to be changed.
 *
 * @param place for instance {@code apis/metrics.k8s.io/v1beta1}
 * @param address of its v3 document, relative to the server; empty when it has none
 * @param paths of its v2 document, those of this group and version only
 * @param definitions of its v2 document
 */
public record OtherGroup(
    String place, String address, Map<String, Object> paths, Map<String, Object> definitions) {}
