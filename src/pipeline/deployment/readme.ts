// README.md of a generated folder: the way from the folder to the first trace, and what an operator has to know.

import { published, urlOf } from './hosts'
import { ownImage } from './images'
import { hasLangfuse } from './langfuse-services'
import { hostOf } from './limits'
import { MADE_BY, type Plan } from './plan'

export function readme(plan: Plan): string {
  const head = `<!-- ${MADE_BY}${plan.profile}". Change it there. -->\n`
  return `${head}${(plan.profile === 'cluster' ? ofCluster(plan) : ofHost(plan)).trim()}\n`
}

function ofHost(plan: Plan): string {
  const langfuse = hasLangfuse(plan)
  const { memory, cpus } = hostOf(plan.profile)
  return `
# The pipeline on one host

Needs Docker with Compose 2.20 or newer, ${cpus} CPUs, and ${Math.ceil(memory / 1024)} GB of memory at most, for all containers together (compose.yaml has the limit
of each; \`compose.override.yaml\` may change them). All ports are on 127.0.0.1, and none is one of \`afn-otel up\`.

## Start

1. \`docker compose up -d --build --wait\`. The first time, the Collector's image is built from \`collector/\`: Go takes some minutes.
   \`.env\` has the secrets, made when this folder was generated. It never leaves this host, and is in no image.
2. Start your app with what stands in \`app.env\`: \`node --env-file=app.env --require @afn/otel app.js\`.
3. Ask whether all is well: \`set -a; . ./app.env; set +a; npx afn-otel doctor\`.

## Get notified

\`rules/\` has the alerts: of the objectives in \`slo.yaml\` (five, where there is no such file), and of the pipeline itself; each has a page in
\`runbooks/\`. \`alerts-config.yaml\` says who is notified of what. It begins with one channel of Discord:

1. Put the URL of its webhook into \`secrets/discord_webhook_url\`, or name other channels and their files in \`alerts-config.yaml\`. Nobody else on
   this host gets into \`secrets/\`; files in it have to be readable (0644), since containers have users of their own.
2. \`npx afn-otel apply\`: it checks all that you edit here (\`slo.yaml\`, \`alerts-config.yaml\`, \`monitoring-config.json\`, \`pipeline\` in
   \`afn-otel.config.yaml\`, secrets), writes what follows, says what changes, brings it to all that runs, and sends a test to each channel. After a
   mistake nothing has changed. \`--dry-run\` only says what would change.
3. \`npx afn-otel alerts test --channel discord\` says whether it arrives. The alert \`Watchdog\` fires all the time: let two services outside
   of this host watch it (\`watchdog\` in \`alerts-config.yaml\`), since nobody else notices when the alerting itself is broken.

## Watch what LLM calls cost

\`monitoring-config.json\` has budgets, none at first: \`docs/cost.md\` of @afn/otel has every key. A job looks at them each minute, and raises
an alert for each threshold, once a period. After a change: \`npx afn-otel apply\`, which makes a board of them too.

## Where things are

| what | where |
| --- | --- |
| Grafana, with the boards Overview, LLM Analytics, Performance and Security; user \`admin\`, password \`GRAFANA_PASSWORD\` of \`.env\` | ${urlOf(published.grafana)} |
${langfuse ? `| LangFuse, \`LANGFUSE_USER_EMAIL\` and \`LANGFUSE_USER_PASSWORD\` of \`.env\`; its project and keys are made at its first start | ${urlOf(published.langfuse)} |\n` : ''}| OTLP over HTTP, from apps that redact, with \`AFN_INGEST_TOKEN\` | ${urlOf(published.otlpTrusted)} |
| OTLP from anybody else: HTTP, gRPC | ${urlOf(published.otlpHttp)}, 127.0.0.1:${published.otlpGrpc} |
| Tempo, for \`afn-otel query\` and the like | ${urlOf(published.tempo)} |
| Tempo's own receiver, for \`afn-otel reconcile\` alone | ${urlOf(published.tempoOtlp)} |
| Prometheus${plan.metrics === 'three' ? `; medium; low` : ''} | ${urlOf(published.prometheus.high)}${plan.metrics === 'three' ? `; ${urlOf(published.prometheus.medium)}; ${urlOf(published.prometheus.low)}` : ''} |
| Alertmanager: what fires, what is silenced | ${urlOf(published.alertmanager)} |
| alert receiver: links that acknowledge, runbooks at \`/runbooks/NAME\` | ${urlOf(published.alerts)} |
| what became of each job, such as \`reconcile\`: \`/healthz\` | ${urlOf(published.jobs)} |
${plan.logs === 'loki' ? `| Loki: log records, by their class in the label \`afn_logs_class\` | ${urlOf(published.loki)} |` : '| log records, a file for each class | volume `otelcol-logs` |'}

## Keep it well

- \`jobs\` runs what has to run now and then (\`commands/jobs.json\`): \`reconcile\`, which brings back what a killed Collector had not decided on${langfuse ? ', and the janitor of LangFuse, which would keep all for ever' : ''}.
- To change retention, thresholds or sizes: \`pipeline\` in \`afn-otel.config.yaml\`, then \`npx afn-otel apply\`. \`.env\` keeps its
  lines; only variables that are missing are added.
- \`docker compose down\` keeps the data; \`docker compose down --volumes\` deletes all of it.
${plan.bucket.name !== '' ? '- Tempo and Loki are in the bucket of `pipeline.bucket`: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` belong into `.env`, unless this host has a role.\n' : ''}- A copy of \`.env\` belongs with the backups of the volumes${langfuse ? ': LangFuse cannot read its stores without it' : ''}.
${plan.langfuse && !langfuse ? '- LLM spans go to the LangFuse of `AFN_LANGFUSE` (its base URL) with `AFN_LANGFUSE_AUTH` (base64 of `publicKey:secretKey`): set both in `.env`.\n' : ''}`
}

const ofCluster = (plan: Plan): string => {
  const { langfuse, logs, bucket } = plan
  const isInBucket = bucket.name !== ''
  return `
# The pipeline in Kubernetes

An agent on each node takes what its apps send; gateways redact, decide and store. Tempo, ${logs === 'loki' ? 'Loki ' : ''}and three Prometheus run as one replica each
with a disk of their own: they hold as much as that disk does, or ${isInBucket ? 'the bucket of `pipeline.bucket`' : 'a bucket (`pipeline: {bucket: {name: NAME}}`)'}. Grafana${langfuse ? ' and LangFuse are' : ' is'} yours to run. What outgrows one
server (replicas of Tempo, Thanos) comes from upstream's charts: docs/cluster.md of @afn/otel says how the two fit together.

Needs Kubernetes 1.29 or newer, a default StorageClass, and a registry that the cluster can pull from.

## Start

1. ${plan.registry === '' ? 'Say where the cluster pulls images from (`pipeline: {registry: registry.example.com/team}`), generate this folder again, and build and push' : 'Build and push'} the two images of ours:
   \`docker build -t ${ownImage(plan, 'collector')} collector\`, \`docker build -t ${ownImage(plan, 'commands')} commands\`,
   and \`docker push\` each.
2. \`kubectl apply -f k8s/00-namespace.yaml\`
3. \`kubectl -n afn-otel create secret generic afn-otel --from-env-file=.env\`. \`.env\` was made when this folder was generated; keep a copy.
${isInBucket ? '   `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` of the bucket belong there before, unless the nodes have a role.\n' : ''}   Put the secrets of your channels into the files of \`secrets/\` (\`alerts-config.yaml\` names them), and
   \`kubectl -n afn-otel create secret generic afn-otel-alerts --from-file=secrets/\`, and
   \`kubectl -n afn-otel create configmap afn-otel-runbooks --from-file=runbooks/\`.
4. \`kubectl apply --server-side -f k8s/\` (by the client, a large ConfigMap is refused), and \`kubectl -n afn-otel rollout status statefulset/otel-gateway\`.
5. In the pods of your apps: \`OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-agent.afn-otel.svc:4319\`,
   \`OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN\` and \`AFN_HMAC_KEY\`, where TOKEN is \`AFN_INGEST_TOKEN\` of \`.env\` and the key stands there
   too. Apps that do not redact send to 4318 (HTTP) or 4317 (gRPC), without a token. From outside of the cluster, with the token: \`pipeline: {edge: LoadBalancer}\` (or
   \`NodePort\`) makes the Service \`otel-agent-edge-outside\`; put your load balancer's TLS before it, since the token is sent as it is.
6. Ask whether all is well, from a machine with \`kubectl\`. \`app.env\` says where the forwarded ports are.

   \`\`\`sh
   kubectl -n afn-otel port-forward svc/otel-agent-edge ${published.otlpTrusted}:4319 &
   kubectl -n afn-otel port-forward pod/otel-gateway-0 ${published.health}:13133 ${published.selfMetrics}:8888 &
   kubectl -n afn-otel port-forward svc/tempo ${published.tempo}:3200 &
${logs === 'loki' ? `   kubectl -n afn-otel port-forward svc/loki ${published.loki}:3100 &\n` : ''}   kubectl -n afn-otel port-forward svc/prometheus ${published.prometheus.high}:9090 &
   kubectl -n afn-otel port-forward svc/prometheus-medium ${published.prometheus.medium}:9090 &
   kubectl -n afn-otel port-forward svc/prometheus-low ${published.prometheus.low}:9090 &
   kubectl -n afn-otel port-forward svc/alertmanager ${published.alertmanager}:9093 &
   kubectl -n afn-otel port-forward svc/alert-receiver ${published.alerts}:9095 &
   set -a; . ./app.env; set +a; npx afn-otel doctor
   \`\`\`

## Know

- Gateways are scaled by hand (\`pipeline.scale.gateways\`), in a quiet hour: traces on their way are split once. Agents at the edge
  scale by themselves.
- \`monitoring-config.json\` has budgets, none at first (docs/cost.md of @afn/otel); a job looks at them each minute. They stand in a
  ConfigMap, so after a change: \`afn-otel apply\` and what it says of kubectl; the job reads them again by itself.
- \`jobs\` runs what has to run now and then: \`reconcile\`, each ten minutes, brings back what a killed gateway had not decided on.
- \`rules/\` has the alerts, each with a page in \`runbooks/\`; they stand in the ConfigMaps of the manifests, so after a change of \`slo.yaml\` or
  \`alerts-config.yaml\`: \`afn-otel generate --profile cluster\`, \`kubectl apply --server-side -f k8s/\`, and a restart of prometheus, prometheus-medium and alertmanager.
${
  logs === 'loki'
    ? '- Log records are in Loki, by their class in the label `afn_logs_class`; each trace has a link to its own in Grafana, and each record one to its trace.\n'
    : '- Log records are files on the disks of the gateways: `kubectl -n afn-otel exec otel-gateway-0 -- tail /var/lib/otelcol/logs/error.json`.\n'
}- NetworkPolicies admit what is sent, scraped and asked, and nothing else. Grafana is known by its label
  \`app.kubernetes.io/name: grafana\`; its data sources are \`grafana/datasources.yaml\`, and its
  boards those of \`grafana/dashboards\` and, in Japanese, \`grafana/dashboards-ja\`.
- \`pipeline\` in \`afn-otel.config.yaml\` changes retention, thresholds and sizes; then \`afn-otel apply\`, which says what is left to do with kubectl.
${langfuse ? '- LLM spans go to your LangFuse: `AFN_LANGFUSE` (its base URL), `AFN_LANGFUSE_AUTH` (base64 of `publicKey:secretKey`), `LANGFUSE_PUBLIC_KEY` and\n  `LANGFUSE_SECRET_KEY` belong into `.env` before step 3.\n' : ''}`
}
