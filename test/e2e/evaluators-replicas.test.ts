// Three replicas whose evaluators rate every call, of which one is killed by SIGKILL half-way and one ends by process.exit(), both started
// again: what they have found is the same in the event, in the metric, in `up` and in LangFuse, by the id of the rated span, once each.
//
// What SIGKILL may take is what was not flushed yet (docs/app.md): an evaluation is lost where a flush that resolved came after it and it is
// missing, or where the process had time to spool it. An evaluation that had not run is not lost: it was never made. Scores for LangFuse and
// metrics are not in the spool: what process.exit() leaves of them without a flush is lost there.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import type { JudgedAnswers, QualityAnswer } from '../../src/backend/api/quality-answers'
import { startLangfuse } from '../support/langfuse'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'
import { decodeLogs, decodeMetrics, decodeSpans, type ReceivedPoint, type ReceivedRequest } from '../support/receiver'
import { type Run, run } from '../support/run'
import { startUp } from '../support/up'

/** Evaluations: each replica's calls by two evaluators. */
const REPLICAS = 3
const CALLS = isLong('evaluators') ? 1_700 : 120
const BATCH = 40

/** Says of each flush that resolved which evaluations came before it: the rated span, the evaluation, the score. */
const app = `
  const { addEvaluator, flush, status } = require('@afn/otel/api')
  const { FROM, TO, BATCH, END } = process.env
  let found = []
  const evaluate = (name, score) => ({ name, per_hour: 100_000, threshold: 0.5, evaluate: call => {
    const value = score(Number(/\\d+/.exec(call.answer)))
    found.push([call.spanId, name, value])
    return { score: value }
  } })
  addEvaluator(evaluate('hundredths', n => (n % 101) / 100))
  addEvaluator(evaluate('even', n => (n + 1) % 2))
  const say = (word, more) => console.log(JSON.stringify({ word, ...more }))
  async function main() {
    // the batch after it is not the last one, so that the next start has calls of its own
    const half = Number(FROM) + (TO - FROM) / 3
    for (let from = Number(FROM); from < Number(TO); from += Number(BATCH)) {
      const ids = Array.from({ length: Math.min(BATCH, TO - from) }, (_, at) => from + at)
      const calls = ids.map(async id => {
        const answer = await fetch(process.env.PROVIDER + '/v1/chat/completions', {
          method: 'POST', headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'number ' + id }] }) })
        await answer.json()
      })
      const isHalf = END && from >= half
      if (isHalf) await Promise.all(calls.slice(0, 5))
      // it is killed in the middle of a batch
      if (isHalf && END === 'kill') { console.log('ready'); await new Promise(() => {}) }
      await Promise.all(calls)
      if (isHalf) {
        // an evaluation that has not run is none that could be lost; those that have are recorded, and nobody flushes them
        while (found.length < 2 * ids.length) await new Promise(resolve => setTimeout(resolve, 20))
        await new Promise(resolve => setTimeout(resolve, 200))
        say('exit', { found, to: from + ids.length, evaluators: status().evaluators })
        process.exit(3)
      }
      await flush(30_000)
      say('flushed', { found, to: from + ids.length })
      found = []
    }
    say('done', { evaluators: status().evaluators, said: status().diagnostics.map(({ code, message }) => code + ' ' + message) })
  }
  main()`

type Found = [spanId: string, name: string, score: number]
interface Line {
  readonly word: 'flushed' | 'exit' | 'done'
  readonly found?: Found[]
  readonly to?: number
  readonly evaluators?: Record<string, Record<string, number>>
  readonly said?: string[]
}
const linesOf = ({ stdout }: Run): Line[] => stdout.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line)) // biome-ignore format: one line
const keyOf = ([spanId, name, score]: Found) => `${spanId} ${name} ${score}`

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** Answers with the number that it was asked. */
async function startProvider(): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const content = `It is ${/number (\d+)/.exec(body)![1]}.`
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o-mini' },
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
        }),
      )
    })
  })
  open.push(server)
  return `http://127.0.0.1:${await listen(server)}`
}

/** Hands on what comes, and keeps what was taken. */
async function startRelay(to: string): Promise<{ url: string; taken: ReceivedRequest[] }> {
  const taken: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', async () => {
      const raw = Buffer.concat(chunks)
      const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
      const headers = { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) }
      const answer = await fetch(`${to}${request.url}`, { method: 'POST', headers, body: raw })
      if (answer.ok) {
        const body = encoding === 'gzip' ? gunzipSync(raw) : raw
        taken.push({ path: request.url ?? '', headers: request.headers, body })
      }
      response.writeHead(answer.status, { 'content-type': type })
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
  })
  open.push(server)
  return { url: `http://127.0.0.1:${await listen(server)}`, taken }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
/** The newest point of each series, of each process. */
function newest(taken: readonly ReceivedRequest[], name: string): ReceivedPoint[] {
  const points = new Map<string, ReceivedPoint>()
  for (const { resource, ...metric } of taken.filter(({ path }) => path === '/v1/metrics').flatMap(decodeMetrics))
    if (metric.name === name)
      for (const point of metric.points) points.set(JSON.stringify([resource, point.attributes]), point)
  return [...points.values()]
}

it('replicas lost evaluations, doubled them, or said different scores in different places', async () => {
  const [up, langfuse, provider] = [await startUp(), await startLangfuse(), await startProvider()]
  open.push({ close: () => up.stop() }, langfuse)
  const relay = await startRelay(up.otlp)
  const folders = Array.from({ length: REPLICAS }, () => makeApp({ files: { 'app.cjs': app } }))
  const start = (replica: number, from: number, end = '') =>
    run(folders[replica]!, ['--require', '@afn/otel', 'app.cjs'], {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: relay.url,
        OTEL_METRIC_EXPORT_INTERVAL: '2000',
        LANGFUSE_HOST: langfuse.url,
        LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
        LANGFUSE_SECRET_KEY: 'sk-lf-5e1f0000-0000-4000-8000-00000000cafe',
        PROVIDER: provider,
        BATCH: String(BATCH),
        FROM: String(from),
        TO: String((replica + 1) * CALLS),
        END: end,
      },
      onReady: child => child.kill('SIGKILL'),
      limitMs: 600_000,
    })
  const next = (outcome: Run, replica: number) => linesOf(outcome).findLast(({ to }) => to !== undefined)?.to ?? replica * CALLS // biome-ignore format: one line
  const withRestart = async (replica: number, end: string) => {
    const first = await start(replica, replica * CALLS, end)
    return [first, await start(replica, next(first, replica))]
  }
  const [quiet, killed, exited] = await Promise.all([
    start(0, 0).then(outcome => [outcome]),
    withRestart(1, 'kill'),
    withRestart(2, 'exit'),
  ])
  expect(killed[0]!.signal).toBe('SIGKILL')
  expect(exited[0]!.code).toBe(3)
  for (const outcome of [quiet[0]!, killed[1]!, exited[1]!]) expect(outcome.code, outcome.stderr).toBe(0)

  const lines = [...quiet, ...killed, ...exited].flatMap(linesOf)
  for (const { word, evaluators, said } of lines)
    if (word === 'done') {
      expect(said).toEqual([])
      for (const counts of Object.values(evaluators!))
        expect(counts).toMatchObject({ failed: 0, skipped: 0, dropped: 0 })
    }
  const keysOf = (some: readonly Line[]) => some.flatMap(({ found = [] }) => found).map(keyOf)
  const acknowledged = keysOf(lines)
  const flushed = keysOf(lines.filter(({ word }) => word === 'flushed'))

  // the event, by the rated span
  const logs = relay.taken.filter(({ path }) => path === '/v1/logs').flatMap(decodeLogs)
  const events = logs
    .filter(({ eventName }) => eventName === 'gen_ai.evaluation.result')
    .map(({ spanId, attributes }) => keyOf([spanId, String(attributes['gen_ai.evaluation.name']), Number(attributes['gen_ai.evaluation.score.value'])])) // biome-ignore format: one line
  const spans = relay.taken.filter(({ path }) => path === '/v1/traces').flatMap(decodeSpans)
  const onSpans = spans
    .filter(({ name }) => name.startsWith('evaluate '))
    .map(({ parentSpanId, attributes }) => keyOf([String(parentSpanId), String(attributes['gen_ai.evaluation.name']), Number(attributes['gen_ai.evaluation.score.value'])])) // biome-ignore format: one line
  const scores = langfuse.scores().map(({ observationId, name, value }) => keyOf([String(observationId), String(name), Number(value)])) // biome-ignore format: one line
  const shown: string[] = []
  const ask = async (about: string) => (await fetch(`${up.url}/api/afn/${about}`)).json()
  for (const name of ['hundredths', 'even'])
    for (let after: string | null = ''; after !== null; ) {
      const page = (await ask(`quality/answers?evaluation=${name}&limit=200&after=${encodeURIComponent(after)}`)) as JudgedAnswers // biome-ignore format: one line
      for (const { spanId, score } of page.answers) shown.push(keyOf([spanId!, name, score!]))
      after = page.next
    }
  const { groups } = (await ask('quality?by=none')) as QualityAnswer
  const counted = sum(newest(relay.taken, 'afn.llm.evaluation.results').map(({ value }) => Number(value)))

  const unflushed = shown.filter(key => !acknowledged.includes(key)).length
  console.log(
    `evaluations: ${flushed.length} of a resolved flush, ${acknowledged.length - flushed.length} spooled, ${unflushed} more of the killed process; ` +
      `events ${events.length}, on spans ${onSpans.length}, LangFuse ${scores.length}, up ${shown.length}, metric ${counted}`,
  )
  const total = 2 * REPLICAS * CALLS
  // the killed process's batch was asked again, with other spans
  expect(acknowledged).toHaveLength(total)
  for (const [place, found] of Object.entries({ events, onSpans, scores, shown })) {
    expect(new Set(found).size, `doubled: ${place}`).toBe(found.length)
    const known = new Set(found)
    const due = place === 'scores' ? flushed : acknowledged
    expect(
      due.filter(key => !known.has(key)),
      `lost: ${place}`,
    ).toEqual([])
  }
  expect(shown.toSorted()).toEqual([...new Set([...events, ...onSpans])].sort())
  expect(sum(groups.map(({ n }) => n))).toBe(shown.length)
  expect(counted).toBeGreaterThanOrEqual(flushed.length)
  expect(counted).toBeLessThanOrEqual(total + 2 * BATCH)
}, 900_000)
