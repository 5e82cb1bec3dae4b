// The parts of `npm run test:long`: suites of which `npm test` runs a short version, in full.
//   npm run test:long [-- PART …]       runs these parts, all by default
//   node test/long.mjs --changed [BASE]  prints the parts whose sources differ from BASE, comma-separated, for AFN_TEST_LONG, the shortest first and as
//                                        many as CI has time for.
//                                        BASE is by default where this branch left its upstream, else the commit before this one
import { execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a part covers, as paths of the repository, the files whose tests it makes longer, and roughly by how many minutes on two cores. */
export const parts = {
  // every number of events with every delay, each way in which a page ends
  leaving: {
    minutes: 3,
    covers: /^(src\/browser\/|test\/browser\/(leaving|monitor-|monitored-site|chromium|firefox|pages\/))/,
    files: ['test/browser/monitor-crash', 'test/browser/monitor-delivery', 'test/browser/monitor-firefox'],
  },
  // every version of every client
  clients: {
    minutes: 10,
    covers: /^(src\/(app\/llm|app\/instrument|app\/preload)\/|test\/(clients|conformance)\/)/,
    files: ['test/e2e/clients', 'test/e2e/left-streams'],
  },
  // the agents of all frameworks, 0.6 GB to install; two of them otherwise
  frameworks: {
    minutes: 3,
    covers:
      /^(src\/app\/(llm\/(observe|spans)|instrument)\/|test\/(frameworks\/|e2e\/agent-frameworks|support\/agent-models))/,
    files: ['test/e2e/agent-frameworks'],
  },
  // a recorded answer served again to every version of every client
  replay: {
    minutes: 4,
    covers: /^(src\/(app\/llm\/(record|replay)|cli\/replay)\/|test\/e2e\/replay)/,
    files: ['test/e2e/replay'],
  },
  // the newest clients on Node.js 20, 22, 24 and 26 against providers of their own types
  wire: {
    minutes: 15,
    covers: /^(src\/(app\/llm|app\/instrument|app\/preload)\/|test\/conformance\/wire)/,
    files: ['test/e2e/wire'],
  },
  // all of unit and e2e on Node.js 22, 24 and 26: an hour or two, so by its name alone
  nodes: { covers: /$^/, files: ['test/e2e/nodes'] },
  // 10,000 random web apps beside stock OpenTelemetry
  ordinary: {
    minutes: 15,
    covers: /^(src\/(app\/instrument|app\/preload|app\/sdk)\/|test\/(conformance\/apps|e2e\/ordinary-apps))/,
    files: ['test/e2e/ordinary-apps'],
  },
  // Node's own tests of HTTP, each without and with us
  suites: {
    minutes: 8,
    covers: /^(src\/(app\/instrument|app\/preload)\/|test\/conformance\/suites|test\/e2e\/suites)/,
    files: ['test/e2e/suites'],
  },
  // OpenTelemetry Weaver on all that is exported: by its name alone, since it needs a binary that no registry has
  weaver: { covers: /$^/, files: ['test/e2e/weaver'] },
  // real traffic on workerd, Bun, Deno and the edge runtime
  runtimes: {
    minutes: 2,
    covers: /^(src\/app\/(llm\/observe\/fetch|fetch)\/|test\/(runtimes\/|e2e\/runtimes))/,
    files: ['test/e2e/runtimes'],
  },
  // 10,000 invocations of Lambda functions, frozen after each
  lambda: {
    minutes: 5,
    covers: /^(src\/app\/lambda\/|test\/(clients\/lambda|e2e\/lambda|support\/lambda))/,
    files: ['test/e2e/lambda'],
  },
  // every recording byte by byte
  recordings: {
    minutes: 5,
    covers: /^(src\/app\/llm\/|test\/(unit\/llm|conformance)\/)/,
    files: ['test/unit/llm/conformance', 'test/e2e/conformance'],
  },
  // 10,000 calls that wait for a span which never ends, until they wait no longer
  deduplication: {
    minutes: 3,
    covers:
      /^(src\/(app\/llm\/spans\/deduplication|app\/delivery)\/|src\/app\/sdk\/span-pipeline|test\/e2e\/deduplication)/,
    files: ['test/e2e/deduplication'],
  },
  // metrics in a bucket: by its name alone, since Thanos takes many minutes to build (`prepare-binaries seaweedfs thanos`)
  thanos: { covers: /$^/, files: ['test/prometheus/thanos-kills', 'test/prometheus/thanos-retention'] },
  // a Collector that is away for a minute and for ten
  outages: {
    minutes: 15,
    covers: /^(src\/app\/delivery\/|src\/app\/sdk\/(spooling|pipelines)|test\/(e2e\/outages|support\/outage))/,
    files: ['test/e2e/outages'],
  },
  // 10,200 evaluations of three replicas, one of them killed and one ended, in place of 720
  evaluators: {
    minutes: 5,
    covers: /^(src\/app\/(evaluate|llm\/report\/quality|delivery)\/|test\/e2e\/evaluators-replicas)/,
    files: ['test/e2e/evaluators-replicas'],
  },
  // 20 rounds with a repair of the tiers, 15 of them behind a Collector that was killed
  reconcile: {
    minutes: 5,
    covers:
      /^(src\/(pipeline\/reconcile|shared\/tiers|pipeline\/deployment\/sampling|cli\/reconcile)|test\/(tempo\/|support\/tempo-stand-in))/,
    files: ['test/tempo/killed'],
  },
  // how long a person who objected is still in what arrives, with the default interval
  suppression: {
    minutes: 3,
    covers:
      /^(src\/(app\/suppress|app\/sdk|app\/delivery)\/|src\/pipeline\/deployment\/suppression|test\/collector\/suppression)/,
    files: ['test/collector/suppression'],
  },
  // every question of the attack review, every text in every place, answers of 300 MB
  attack: {
    minutes: 5,
    covers: /^(src\/(backend|app\/next|shared\/otlp)\/|test\/(unit\/security\/|e2e\/security))/,
    files: ['test/e2e/security-held-up', 'test/e2e/security-held-host', 'test/unit/security/held'],
  },
  // the times of the default alerts-config.yaml, and a kill -9 at each step of the receiver
  alerts: {
    minutes: 15,
    covers:
      /^(src\/(monitoring\/alerts|operations\/alert-receiver|cli\/alerts)|test\/(alerts\/|support\/(discord|github)-sink))/,
    files: ['test/alerts/end-to-end', 'test/alerts/faults', 'test/alerts/flood'],
  },
  // 1,000 kills at random moments, 20 of a replay, 200 full disks, 50 pairs of starts; sums of 200,000 spans in a trace and 20,000 calls in a session
  store: {
    minutes: 120,
    covers:
      /^(src\/(backend\/(store|up|receiver|api)|cli\/local\/|shared\/otlp\/|backend\/mcp\/)|test\/(e2e\/up-(export|faults|totals)|unit\/backend\/api\/totals|support\/large-traces))/,
    files: ['test/e2e/up-export', 'test/e2e/up-faults', 'test/e2e/up-totals', 'test/unit/backend/api/totals'],
  },
  // pictures of every board with Grafana's own panels, and how long a month of samples takes
  dashboards: {
    minutes: 5,
    covers:
      /^(src\/monitoring\/dashboards\/|src\/backend\/explorer\/\w+\/board|test\/dashboards\/|test\/prometheus\/(?:explorer-)?boards)/,
    files: ['test/prometheus/boards', 'test/prometheus/explorer-boards'],
  },
  // SDKs of others beside ours, in both orders: 377 MB to install
  coexistence: {
    minutes: 8,
    covers:
      /^(package\.json|src\/(app\/sdk\.ts|(app\/preload|app\/sdk|app\/instrument)\/)|test\/(coexistence\/|e2e\/(coexistence|sdk-installed)))/,
    files: ['test/e2e/coexistence', 'test/e2e/sdk-installed'],
  },
  // the official inspector of MCP and its conformance suite
  agents: {
    minutes: 5,
    covers: /^(src\/(backend\/mcp\/|cli\/mcp|app\/llm\/observe\/mcp\/)|test\/(mcp\/|e2e\/mcp-))/,
    files: ['test/e2e/mcp-inspector', 'test/e2e/mcp-conformance'],
  },
  // 4,000 expressions at random to a real Prometheus and to the store
  promql: {
    minutes: 5,
    covers: /^(src\/backend\/(promql|api\/prometheus)\/|test\/prometheus\/promql\/)/,
    files: ['test/prometheus/promql/promql'],
  },
  // 20 of 200 persons erased from every store, and a kill at each step
  gdpr: {
    minutes: 10,
    covers:
      /^(src\/(operations\/gdpr|app\/audit|shared\/files|backend\/store|cli\/gdpr)|test\/(unit\/gdpr|e2e\/gdpr|support\/gdpr-machine))/,
    files: ['test/unit/gdpr/embedded', 'test/e2e/gdpr', 'test/e2e/gdpr-up'],
  },
  // the site of the documentation is built, and the pictures of its guide are made
  docs: {
    minutes: 3,
    covers:
      /^(docs\/|src\/backend\/explorer\/|README|SECURITY|examples\/[\w-]+\/README|test\/(unit\/docs\/|browser\/guide))/,
    files: ['test/unit/docs/site', 'test/browser/guide-pictures'],
  },
  // the README's commands in a clone: 700 MB of packages and some minutes, so by its name alone
  readme: { covers: /$^/, files: ['test/e2e/readme'] },
  // our own components of the Collector, by `go test`
  components: {
    minutes: 5,
    covers: /^(collector\/(components|builder)|test\/collector\/components)/,
    files: ['test/collector/components'],
  },
  // every service of every generated folder, stopped in turn; the images of a release, made twice
  folders: {
    minutes: 30,
    covers:
      /^(src\/(pipeline\/deployment|shared\/tiers|pipeline\/doctor|operations\/gdpr|cli\/(generate|apply|folder|jobs|gdpr))|test\/folders\/|collector\/|images\/|scripts\/images)/,
    files: [
      'test/folders/compose',
      'test/folders/cluster',
      'test/folders/apply',
      'test/folders/forget',
      'test/folders/engine',
      'test/folders/our-images',
    ],
  },
  // a kill and a fault at each request, and the Worker under wrangler dev
  cloudflare: {
    minutes: 5,
    covers: /^(src\/(operations\/cloudflare|cli\/cloudflare)|test\/(e2e|support|unit)\/cloudflare)/,
    files: ['test/e2e/cloudflare', 'test/e2e/cloudflare-wrangler', 'test/unit/cloudflare/faults'],
  },
  // three months in place of five weeks, and ten processes killed
  cost: {
    minutes: 5,
    covers: /^(src\/(operations\/cost|monitoring\/alerts|operations\/alert-receiver\/database)|test\/alerts\/cost)/,
    files: ['test/alerts/cost'],
  },
  // every fault of the pipeline on its own, and those that take minutes
  monitoring: {
    minutes: 15,
    covers:
      /^(src\/(monitoring\/pipeline-rules|pipeline\/deployment|monitoring\/slo|monitoring\/alerts)\/|test\/monitoring\/)/,
    files: ['test/monitoring/scenes', 'test/monitoring/planted'],
  },
  // three days of seven services in a real Prometheus with the generated rules, beside the alerts of `afn-otel up`
  objectives: {
    minutes: 5,
    covers: /^(src\/(backend\/alerts|monitoring\/slo)\/|test\/prometheus\/(alerts|burning))/,
    files: ['test/prometheus/alerts'],
  },
  // each of ten healthy weeks whole, in place of three days
  quiet: {
    minutes: 20,
    covers: /^(src\/(monitoring\/slo|monitoring\/pipeline-rules)\/|test\/monitoring\/(quiet-week|healthy-weeks))/,
    files: ['test/monitoring/quiet-week'],
  },
  // fourteen faults among twenty services, in place of one
  loud: {
    minutes: 15,
    covers:
      /^(src\/(monitoring\/alerts|monitoring\/pipeline-rules|monitoring\/slo|operations\/alert-receiver)\/|test\/monitoring\/(loud-minute|backfill))/,
    files: ['test/monitoring/loud-minute'],
  },
  // a month of traffic and records in a Prometheus, in place of two days; how soon it calls a total failure critical; more SLOs by chance
  slo: {
    minutes: 5,
    covers: /^(src\/monitoring\/slo\/|test\/slo\/(month|traffic|backfill|minutes|chance))/,
    files: ['test/slo/month', 'test/slo/minutes', 'test/slo/chance'],
  },
  // a search of an hour on each surface for texts that are dear to read, so by its name alone; what it finds becomes a seed
  adversary: { covers: /$^/, files: ['test/unit/adversary/redact', 'test/unit/adversary/wire'] },
  // every hostile text in every length and ending; every expression by the checker
  redaction: {
    minutes: 5,
    covers: /^(src\/shared\/redact\/|test\/unit\/(redact-(growth|hostile|expressions)|security\/superset))/,
    files: ['test/unit/redact-growth', 'test/unit/redact-expressions', 'test/unit/security/superset-stored'],
  },
}

/** Minutes that the parts may take together in CI: with everything before them it stays within its hour, however much a branch has changed. */
const BUDGET = 20

/** @param {string[]} args */
const git = args => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

/** @param {() => string} ask */
function maybe(ask) {
  try {
    return ask()
  } catch {
    return undefined
  }
}

/** Where this branch left the upstream's; on the upstream's own branch the commit before this one. */
function base() {
  const upstreams = ['@{upstream}', 'origin/HEAD', 'origin/main', 'origin/master', 'main']
  const head = maybe(() => git(['rev-parse', 'HEAD']))
  for (const upstream of upstreams) {
    const left = maybe(() => git(['merge-base', 'HEAD', upstream]))
    if (left !== undefined && left !== head) return left
  }
  return maybe(() => git(['rev-parse', '--verify', 'HEAD~1']))
}

/** @param {string | undefined} from */
function changed(from = base()) {
  const files = from && maybe(() => git(['diff', '--name-only', from]))
  if (files === undefined) {
    console.error('long suites: no commit to compare with, so none of them runs; "npm run test:long" runs all')
    return []
  }
  const list = files.split('\n')
  const found = Object.entries(parts)
    .filter(([, { covers }]) => list.some(file => covers.test(file)))
    .sort(([, a], [, b]) => (a.minutes ?? 0) - (b.minutes ?? 0))
  let minutes = 0
  const within = found.filter(([, part]) => {
    minutes += part.minutes ?? 0
    return minutes <= BUDGET
  })
  const names = entries => entries.map(([name]) => name).join(', ')
  console.error(`long suites: ${names(within) || 'none'}, by what changed since ${from}`)
  const left = found.slice(within.length)
  if (left.length > 0) console.error(`long suites: no time for ${names(left)}; "npm run test:long" runs them`)
  return within.map(([name]) => name)
}

function main() {
  process.chdir(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
  const [first, ...rest] = process.argv.slice(2)
  if (first === '--changed') {
    console.log(changed(rest[0]).join(','))
    return
  }
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts)
  const unknown = wanted.filter(name => !Object.hasOwn(parts, name))
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
    process.exitCode = 2
    return
  }
  const files = Object.entries(parts).flatMap(([name, part]) => (wanted.includes(name) ? part.files : []))
  const env = { ...process.env, AFN_TEST_LONG: wanted.join(',') }
  spawn(process.execPath, ['test/run.mjs', ...files], { env, stdio: 'inherit' }).on('close', code => {
    process.exitCode = code ?? 1
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
