// What two builds of ours export for the same apps: spans, series and resource, without what each run has of its own (ids, times,
// ports, lines of our files in stacks).
import path from 'node:path'
import type { ReceivedSpan } from '../../support/receiver'
import { frameworkOf, named } from './frameworks'
import { type App, makeApp } from './model'
import { idOf, makePlace, type Outcome, type Place, runBatch } from './run'

const perBatch = 50
/** A race within an app ends in each way if it runs often enough. */
const copies = 6

/** @param other folder of a built checkout. @returns how many apps differ */
export async function compareBuilds(count: number, seed: number, other: string): Promise<number> {
  const apps = Array.from({ length: count }, (_, n) => makeApp(seed + n, frameworkOf(seed + n)))
  const ours = makePlace()
  const place = { ...ours, preload: { ...ours.preload, ours: ['--require', path.resolve(other, 'dist/index.cjs')] } }
  let [differing, requests] = [0, 0]
  const said = new Set<string>()
  try {
    for (let from = 0; from < apps.length; from += perBatch) {
      const batch = apps.slice(from, from + perBatch)
      const [before, after] = await Promise.all([exported(batch, place), exported(batch, ours)])
      requests += before.requests.size
      for (const [at, text] of before.process.entries()) {
        const other = after.process[at] as string
        if (text !== other && !said.has(other)) print('process', text, other)
        said.add(other)
      }
      for (const [at, app] of batch.entries()) {
        const differs = app.requests.some(
          (_, n) => before.requests.get(idOf(at, n)) !== after.requests.get(idOf(at, n)),
        )
        if (differs && (await stays(app, place, ours))) differing++
      }
      console.error(`${from + batch.length} apps, ${requests} requests, ${differing} differ`)
    }
  } finally {
    ours.remove()
  }
  console.log(`${apps.length} apps, ${requests} requests, ${differing} apps differ`)
  return differing
}

async function stays(app: App, place: Place, ours: Place): Promise<boolean> {
  const some = Array.from({ length: copies }, () => app)
  const [before, after] = [await exported(some, place), await exported(some, ours)]
  let differs = false
  for (const n of app.requests.keys()) {
    const texts = (of: typeof before) => some.map((_, at) => of.requests.get(idOf(at, n)) ?? 'nothing')
    const known = new Set(texts(before))
    const other = texts(after).find(text => !known.has(text))
    if (other === undefined) continue
    differs = true
    print(`seed ${app.seed}, request ${n}\n${named(app.framework).source(app)}`, [...known].join('\n'), other)
  }
  return differs
}

function print(what: string, before: string, after: string): void {
  console.log(`\n${what}\n- ${before}\n+ ${after}`)
}

/** Texts that are the same where what was exported is. */
async function exported(apps: readonly App[], place: Place) {
  const outcome = await runBatch(apps, 'ours', place)
  const requests = new Map<string, string>()
  for (const [id, servers] of outcome.servers) {
    const traces = [...new Set(servers.map(({ traceId }) => traceId))].map(trace => outcome.traces.get(trace) ?? [])
    requests.set(id, JSON.stringify(traces.map(treeOf)))
  }
  const { code, stderr } = outcome
  // which of two apps fails first is chance
  const lines = timeless(stderr).split('\n').sort()
  return {
    requests,
    process: [resourceOf(outcome), seriesOf(outcome), { code, lines }].map(plain),
  }
}

const ofRun = /^(network\.peer\.port|process\.pid|service\.instance\.id|client\.port)$/
/** Servers of the apps themselves listen where there is room; the one that is asked is `shop.test:8080`. */
const free = (key: string, value: unknown) => key === 'server.port' && Number(value) > 30_000

function treeOf(spans: readonly ReceivedSpan[]): unknown[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]))
  const texts = spans.map(({ name, kind, parentSpanId, attributes, types, events, links, status, flags, scope }) =>
    plain({
      name,
      kind,
      parent: names.get(parentSpanId),
      attributes,
      types,
      events,
      links: links.length,
      status,
      flags,
      scope,
    }),
  )
  return texts.sort()
}

function seriesOf({ metrics }: Outcome): object {
  const series = metrics.flatMap(({ name, unit, points }) =>
    points.map(({ attributes, types, bounds }) => plain({ name, unit, attributes, types, bounds })),
  )
  return [...new Set(series)].sort()
}

function resourceOf({ traces }: Outcome): object {
  return [...new Set([...traces.values()].flat().map(({ resource }) => plain(resource)))]
}

function plain(value: object): string {
  return JSON.stringify(value, (key, part) => {
    if (ofRun.test(key) || free(key, part)) return 'of the run'
    return typeof part === 'string' ? timeless(part) : part
  })
}

/** In stacks our own frames have names that the build has made, and which of Node's are below them is chance. */
function timeless(text: string): string {
  return text
    .replace(/\n +at [^\n]*\(?node:internal[^\n]*/g, '')
    .replace(/at [^\n]*\/dist\/[\w./-]+:\d+:\d+\)?/g, 'at ours')
    .replace(/batch-\d+-\d+/g, 'batch')
    .replace(/\(node:\d+\)/g, '(node)')
    .replace(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:port')
}
