// README.md of a generated folder: the steps to the first trace, and what an operator needs to know.

import { hostOf } from './container-limits'
import { published, urlOf } from './hosts'
import { ownImage } from './images'
import { hasLangfuse } from './langfuse-services'
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

This folder requires Docker with Compose 2.20 or later, ${cpus} CPUs, and up to ${Math.ceil(memory / 1024)} GB of memory for all containers together. compose.yaml sets the limit
of each container; to change it, use \`compose.override.yaml\`. All ports are on 127.0.0.1, and \`afn-otel up\` uses none of them.

## Start

1. Run \`docker compose up -d --build --wait\`. The first run builds the Collector's image from \`collector/\`, which takes a few minutes.
   \`.env\` contains the secrets, which were created with this folder. It never leaves this host, and no image contains it.
2. Start your app with the variables in \`app.env\`: \`node --env-file=app.env --require @afn/otel app.js\`.
3. Check that everything works: \`set -a; . ./app.env; set +a; npx afn-otel doctor\`.

## Get notified

\`rules/\` contains the alerts of the pipeline itself and of the objectives in \`slo.yaml\` (without this file, there are five objectives). Each alert has a page in
\`runbooks/\`. \`alerts-config.yaml\` defines who is notified of which alert. At first, it contains one Discord channel:

1. Put the URL of the channel's webhook into \`secrets/discord_webhook_url\`, or add other channels and their files to \`alerts-config.yaml\`. No other user of
   this host can open \`secrets/\`. Make the files in it readable (0644), because containers run as other users.
2. Run \`npx afn-otel apply\`. It checks everything that you edit here (\`slo.yaml\`, \`alerts-config.yaml\`, \`monitoring-config.json\`, \`pipeline\` in
   \`afn-otel.config.yaml\`, secrets), writes the generated files, prints the changes, applies them to the running containers, and sends a test to each channel. If there is an
   error, it changes nothing. \`--dry-run\` only prints the changes.
3. Run \`npx afn-otel alerts test --channel discord\` to check that a test arrives. The alert \`Watchdog\` always fires. Let two services outside
   this host watch it (\`watchdog\` in \`alerts-config.yaml\`), because nothing else notices when the alerting itself is broken.

## Watch what LLM calls cost

Add budgets to \`monitoring-config.json\`, which contains none at first. \`docs/cost.md\` of @afn/otel describes every key. A job checks the budgets every minute, and raises
an alert once per threshold and period. After a change, run \`npx afn-otel apply\`, which also generates a board of the budgets.

## Where things are

| what | where |
| --- | --- |
| Grafana, with the boards Overview, LLM Analytics, Performance and Security; user \`admin\`, password \`GRAFANA_PASSWORD\` of \`.env\` | ${urlOf(published.grafana)} |
${langfuse ? `| LangFuse, \`LANGFUSE_USER_EMAIL\` and \`LANGFUSE_USER_PASSWORD\` of \`.env\`; its first start creates the project and its keys | ${urlOf(published.langfuse)} |\n` : ''}| OTLP over HTTP with \`AFN_INGEST_TOKEN\`, for apps that redact | ${urlOf(published.otlpTrusted)} |
| OTLP for all other senders: HTTP, gRPC | ${urlOf(published.otlpHttp)}, 127.0.0.1:${published.otlpGrpc} |
| Tempo, for \`afn-otel query\` and similar commands | ${urlOf(published.tempo)} |
| Tempo's own receiver, only for \`afn-otel reconcile\` | ${urlOf(published.tempoOtlp)} |
| Prometheus${plan.metrics === 'three' ? `; medium; low` : ''} | ${urlOf(published.prometheus.high)}${plan.metrics === 'three' ? `; ${urlOf(published.prometheus.medium)}; ${urlOf(published.prometheus.low)}` : ''} |
| Alertmanager: firing alerts and silences | ${urlOf(published.alertmanager)} |
| alert receiver: acknowledgement links, and runbooks at \`/runbooks/NAME\` | ${urlOf(published.alerts)} |
| the result of each job, such as \`reconcile\`: \`/healthz\` | ${urlOf(published.jobs)} |
${plan.logs === 'loki' ? `| Loki: log records, with their class in the label \`afn_logs_class\` | ${urlOf(published.loki)} |` : '| log records, a file for each class | volume `otelcol-logs` |'}

## Operate

- \`jobs\` runs the regular jobs (\`commands/jobs.json\`): \`reconcile\`, which restores traces on which a killed Collector had not decided${langfuse ? ", and LangFuse's janitor, because LangFuse deletes nothing" : ''}.
- To change retention, thresholds or sizes, edit \`pipeline\` in \`afn-otel.config.yaml\` and run \`npx afn-otel apply\`. It keeps the lines of
  \`.env\`, and adds only missing variables.
- \`docker compose down\` keeps the data; \`docker compose down --volumes\` deletes all of it.
${plan.bucket.name !== '' ? '- Tempo and Loki store their data in the bucket of `pipeline.bucket`. Set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in `.env`, unless this host has a role.\n' : ''}- Keep a copy of \`.env\` with the backups of the volumes${langfuse ? ': LangFuse cannot read its stores without it' : ''}.
${plan.langfuse && !langfuse ? '- LLM spans are sent to the LangFuse at `AFN_LANGFUSE` (its base URL) with `AFN_LANGFUSE_AUTH` (base64 of `publicKey:secretKey`). Set both in `.env`.\n' : ''}`
}

const ofCluster = (plan: Plan): string => {
  const { langfuse, logs, bucket, metrics } = plan
  const isInBucket = bucket.name !== ''
  const isThanos = metrics === 'thanos'
  return `
# The pipeline in Kubernetes

An agent on each node receives the data of its apps. Gateways redact it, decide which traces to keep, and store it. Tempo, ${logs === 'loki' ? 'Loki ' : ''}and ${isThanos ? 'Prometheus' : 'three Prometheus servers'} run as one replica each
with a separate disk. Their capacity is that of the disk, or of ${isInBucket ? 'the bucket of `pipeline.bucket`' : 'a bucket (`pipeline: {bucket: {name: NAME}}`)'}.${isThanos ? ' Thanos stores metrics in the bucket, in three resolutions.' : ''} You run Grafana${langfuse ? ' and LangFuse' : ''} yourself. If one server is not
enough, use upstream's charts (replicas of Tempo${isThanos ? '' : ', Thanos'}): docs/cluster.md of @afn/otel describes how to combine them with this folder.

This folder requires Kubernetes 1.29 or later, a default StorageClass, and a registry that the cluster can pull from.

## Start

1. ${plan.registry === '' ? 'Set the registry from which the cluster pulls images (`pipeline: {registry: registry.example.com/team}`), generate this folder again, and build and push' : 'Build and push'} our two images:
   \`docker build -t ${ownImage(plan, 'collector')} collector\`, \`docker build -t ${ownImage(plan, 'commands')} commands\`,
   and \`docker push\` each.
2. Run \`kubectl apply -f k8s/00-namespace.yaml\`.
3. Run \`kubectl -n afn-otel create secret generic afn-otel --from-env-file=.env\`. \`.env\` was created with this folder; keep a copy.
${isInBucket ? '   Before you run it, add `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` of the bucket to `.env`, unless the nodes have a role.\n' : ''}   Put the secrets of your channels into the files in \`secrets/\` (\`alerts-config.yaml\` names them). Then run
   \`kubectl -n afn-otel create secret generic afn-otel-alerts --from-file=secrets/\` and
   \`kubectl -n afn-otel create configmap afn-otel-runbooks --from-file=runbooks/\`.
4. Run \`kubectl apply --server-side -f k8s/\` (a client-side apply refuses a large ConfigMap), and then \`kubectl -n afn-otel rollout status statefulset/otel-gateway\`.
5. Set these variables in the pods of your apps: \`OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-agent.afn-otel.svc:4319\`,
   \`OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN\` and \`AFN_HMAC_KEY\`. TOKEN is \`AFN_INGEST_TOKEN\` in \`.env\`, which also contains
   the key. Apps that do not redact send to 4318 (HTTP) or 4317 (gRPC), without a token. For apps outside the cluster, which need the token, \`pipeline: {edge: LoadBalancer}\` (or
   \`NodePort\`) creates the Service \`otel-agent-edge-outside\`. Terminate TLS at your load balancer, because the token is not encrypted otherwise.
6. Check that everything works, from a machine with \`kubectl\`. \`app.env\` contains the forwarded ports.

   \`\`\`sh
   kubectl -n afn-otel port-forward svc/otel-agent-edge ${published.otlpTrusted}:4319 &
   kubectl -n afn-otel port-forward pod/otel-gateway-0 ${published.health}:13133 ${published.selfMetrics}:8888 &
   kubectl -n afn-otel port-forward svc/tempo ${published.tempo}:3200 &
${logs === 'loki' ? `   kubectl -n afn-otel port-forward svc/loki ${published.loki}:3100 &\n` : ''}   kubectl -n afn-otel port-forward svc/prometheus ${published.prometheus.high}:9090 &
${isThanos ? '' : `   kubectl -n afn-otel port-forward svc/prometheus-medium ${published.prometheus.medium}:9090 &\n   kubectl -n afn-otel port-forward svc/prometheus-low ${published.prometheus.low}:9090 &\n`}   kubectl -n afn-otel port-forward svc/alertmanager ${published.alertmanager}:9093 &
   kubectl -n afn-otel port-forward svc/alert-receiver ${published.alerts}:9095 &
   set -a; . ./app.env; set +a; npx afn-otel doctor
   \`\`\`

## Operate

- Scale gateways manually (\`pipeline.scale.gateways\`) and at a quiet time, because traces in transit are split once. Agents at the edge
  scale automatically.
- Add budgets to \`monitoring-config.json\`, which contains none at first (docs/cost.md of @afn/otel). A job checks them every minute. They are stored in a
  ConfigMap, so after a change, run \`afn-otel apply\` and the kubectl commands that it prints. The job reloads them automatically.
- \`jobs\` runs the regular jobs. Every ten minutes, \`reconcile\` restores traces on which a killed gateway had not decided.
- \`rules/\` contains the alerts, each with a page in \`runbooks/\`. They are stored in the ConfigMaps of the manifests. After a change of \`slo.yaml\` or
  \`alerts-config.yaml\`, run \`afn-otel generate --profile cluster\` and \`kubectl apply --server-side -f k8s/\`, and restart prometheus${isThanos ? '' : ', prometheus-medium'} and alertmanager.
${
  logs === 'loki'
    ? '- Log records are in Loki, with their class in the label `afn_logs_class`. In Grafana, each trace links to its log records, and each record to its trace.\n'
    : '- Log records are files on the disks of the gateways: `kubectl -n afn-otel exec otel-gateway-0 -- tail /var/lib/otelcol/logs/error.json`.\n'
}- NetworkPolicies admit only the connections over which data is sent, scraped and queried. They identify Grafana by its label
  \`app.kubernetes.io/name: grafana\`. Its data sources are in \`grafana/datasources.yaml\`, and its
  boards in \`grafana/dashboards\` and, in Japanese, in \`grafana/dashboards-ja\`.
- To change retention, thresholds or sizes, edit \`pipeline\` in \`afn-otel.config.yaml\` and run \`afn-otel apply\`, which prints the remaining kubectl commands.
${langfuse ? '- LLM spans are sent to your LangFuse. Its variables are `AFN_LANGFUSE` (its base URL), `AFN_LANGFUSE_AUTH` (base64 of `publicKey:secretKey`), `LANGFUSE_PUBLIC_KEY` and\n  `LANGFUSE_SECRET_KEY`. Set them in `.env` before step 3.\n' : ''}`
}
