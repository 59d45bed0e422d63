// Prints one line for each change that an informer of @kubernetes/client-node sees on one ConfigMap that this program makes,
// changes, patches and deletes. Ends with status 0 when all four were seen in that order.
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromFile(process.argv[2]);
const core = config.makeApiClient(k8s.CoreV1Api);
const namespace = 'default';
const name = 'client-node';
const labelSelector = 'by=client-node';

const expected = ['add 1', 'update 2', 'update 3', 'delete 3'];
const seen = [];
let wake = () => {};
const informer = k8s.makeInformer(
  config,
  `/api/v1/namespaces/${namespace}/configmaps`,
  () => core.listNamespacedConfigMap({ namespace, labelSelector }),
  labelSelector,
);
for (const event of ['add', 'update', 'delete']) {
  informer.on(event, (map) => {
    seen.push(`${event} ${map.data.k}`);
    console.log(seen.at(-1));
    wake();
  });
}
informer.on('error', (error) => {
  if (seen.length < expected.length) { // stopping an informer reports an aborted request, too
    console.error(error);
    process.exit(1);
  }
});

async function until(count) {
  while (seen.length < count) {
    await new Promise((resolve) => { wake = resolve; });
  }
}

setTimeout(() => { console.error(`saw only ${seen}`); process.exit(1); }, 60_000).unref();
await informer.start();
const map = await core.createNamespacedConfigMap({
  namespace,
  body: { metadata: { name, labels: { by: 'client-node' } }, data: { k: '1' } },
});
await until(1);
map.data.k = '2';
await core.replaceNamespacedConfigMap({ namespace, name, body: map });
await until(2);
await core.patchNamespacedConfigMap(
  { namespace, name, body: [{ op: 'replace', path: '/data/k', value: '3' }] },
  k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.JsonPatch),
);
await until(3);
await core.deleteNamespacedConfigMap({ namespace, name });
await until(4);
await informer.stop();
process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1);
