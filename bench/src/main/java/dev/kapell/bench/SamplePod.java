package dev.kapell.bench;

/** A pod as a Deployment with probes, volumes and a status makes it. */
final class SamplePod {
  static final String JSON =
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-7f9c8d5b6-x2x9z","generateName":"web-7f9c8d5b6-",
      "namespace":"default","uid":"0b5f7c1e-54e7-4d86-9b0b-6f1a2b3c4d5e","resourceVersion":"123456",
      "creationTimestamp":"2026-01-02T03:04:05Z","labels":{"app":"web","pod-template-hash":"7f9c8d5b6","tier":"front"},
      "annotations":{"example.com/checksum":"6f1a2b3c4d5e6f1a2b3c4d5e"},
      "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-7f9c8d5b6",
      "uid":"1c5f7c1e-54e7-4d86-9b0b-6f1a2b3c4d5e","controller":true,"blockOwnerDeletion":true}]},
      "spec":{"volumes":[{"name":"config","configMap":{"name":"web-config","defaultMode":420}},
      {"name":"token","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
      {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}}],"defaultMode":420}}],
      "containers":[{"name":"web","image":"registry.example.com/web:1.2.3","ports":[{"name":"http","containerPort":8080,
      "protocol":"TCP"}],"env":[{"name":"MODE","value":"production"},{"name":"POD_IP","valueFrom":{"fieldRef":
      {"apiVersion":"v1","fieldPath":"status.podIP"}}}],"resources":{"limits":{"cpu":"500m","memory":"128Mi"},
      "requests":{"cpu":"100m","memory":"64Mi"}},"volumeMounts":[{"name":"config","mountPath":"/etc/web"},
      {"name":"token","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
      "readinessProbe":{"httpGet":{"path":"/ready","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":5,
      "successThreshold":1,"failureThreshold":3},"terminationMessagePath":"/dev/termination-log",
      "terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}],"restartPolicy":"Always",
      "terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","nodeName":"node-1",
      "securityContext":{},"schedulerName":"default-scheduler","tolerations":[{"key":"node.kubernetes.io/not-ready",
      "operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"enableServiceLinks":true},
      "status":{"phase":"Running","conditions":[{"type":"Initialized","status":"True","lastTransitionTime":
      "2026-01-02T03:04:06Z"},{"type":"Ready","status":"True","lastTransitionTime":"2026-01-02T03:04:09Z"},
      {"type":"ContainersReady","status":"True","lastTransitionTime":"2026-01-02T03:04:09Z"},{"type":"PodScheduled",
      "status":"True","lastTransitionTime":"2026-01-02T03:04:05Z"}],"hostIP":"192.0.2.10","podIP":"10.42.0.17",
      "podIPs":[{"ip":"10.42.0.17"}],"startTime":"2026-01-02T03:04:05Z","containerStatuses":[{"name":"web","state":
      {"running":{"startedAt":"2026-01-02T03:04:07Z"}},"lastState":{},"ready":true,"restartCount":0,
      "image":"registry.example.com/web:1.2.3","imageID":"sha256:6f1a2b3c4d5e","containerID":"containerd://4d5e6f",
      "started":true}],"qosClass":"Burstable"}}
      """;

  private SamplePod() {}
}
