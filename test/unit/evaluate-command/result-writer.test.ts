// Where results go, over runs that are ended at any step.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { judge } from '../../../src/app/llm/report/quality/judgement'
import type { Result } from '../../../src/cli/evaluate/stored/journal'
import { spanIdOf } from '../../../src/cli/evaluate/stored/result-records'
import { ResultWriter } from '../../../src/cli/evaluate/stored/result-writer'
import type { Sender } from '../../../src/cli/local/otlp-sender'
import type { Signal } from '../../../src/shared/config/otlp'
import type { Settings } from '../../../src/shared/config/settings'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { requestMessages } from '../../../src/shared/otlp/messages'
import type { Redactor } from '../../../src/shared/redact'

const resultOf = (n: number): Result => ({
  call: {
    traceId: n.toString(16).padStart(32, '0'),
    spanId: n.toString(16).padStart(16, '0'),
    end: 1_790_000_000 + n,
    service: n % 2 === 0 ? 'shop' : 'support',
    attributes: { 'gen_ai.request.model': 'gpt-5-mini', 'gen_ai.response.id': `r-${n}`, other: 'a'.repeat(1_000) },
  },
  judgement: judge({ name: 'helpful', score: n % 3 === 0 ? 0.2 : 0.9, threshold: 0.5, explanation: `ann@example.com ${n}`, evaluator: { name: 'judge', type: 'llm' } }), // biome-ignore format: one line
})

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
  readonly timeUnixNano: bigint | string
  readonly asInt?: bigint | string
  readonly count?: bigint | string
}

/** A receiver, whose sender is killed with the process at the so-manieth request. */
class Receiver implements Sender {
  readonly shown = 'http://collector:4318'
  readonly spans = new Map<string, number>()
  readonly points = new Map<string, Map<string, { time: number; value: number }[]>>()
  requests = 0
  metricsStatus = 200

  constructor(public killedAt = Number.POSITIVE_INFINITY) {}

  async send(signal: Signal, body: Buffer): ReturnType<Sender['send']> {
    if (this.requests++ === this.killedAt) throw new Error('killed')
    if (signal === 'metrics' && this.metricsStatus !== 200)
      return { outcome: { kind: 'refused', status: this.metricsStatus, message: 'not found' }, isAgain: false }
    const request = fromProtobuf(requestMessages[signal], body) as never
    if (signal === 'traces') this.#traces(request)
    if (signal === 'metrics') this.#metrics(request)
    return { outcome: { kind: 'taken', rejected: 0, message: '' }, isAgain: false }
  }

  #traces({ resourceSpans }: { resourceSpans: { scopeSpans: { spans: { spanId: Uint8Array }[] }[] }[] }): void {
    for (const { scopeSpans } of resourceSpans)
      for (const { spanId } of scopeSpans.flatMap(({ spans }) => spans)) {
        const id = Buffer.from(spanId).toString('hex')
        this.spans.set(id, (this.spans.get(id) ?? 0) + 1)
      }
  }

  #metrics({
    resourceMetrics,
  }: {
    resourceMetrics: {
      resource: Pick<Point, 'attributes'>
      scopeMetrics: {
        metrics: { name: string; sum?: { dataPoints: Point[] }; histogram?: { dataPoints: Point[] } }[]
      }[]
    }[]
  }): void {
    // biome-ignore format: one line
    const text = (attributes: Point['attributes']) => attributes.map(({ key, value }) => `${key}=${value.stringValue}`)
    for (const { resource, scopeMetrics } of resourceMetrics)
      for (const { name, sum, histogram } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
        const series = this.points.get(name) ?? new Map()
        this.points.set(name, series)
        for (const { attributes, timeUnixNano, asInt, count } of (sum ?? histogram)!.dataPoints) {
          const key = [...text(resource.attributes), ...text(attributes)].join()
          series.set(key, [...(series.get(key) ?? []), { time: Number(BigInt(timeUnixNano) / 1_000_000n), value: Number(asInt ?? count) }]) // biome-ignore format: one line
        }
      }
  }

  /** What each counter has risen by since it was there, and the last value of each. */
  sums(name: string, having: string): { risen: number; last: number } {
    const all = [...(this.points.get(name) ?? [])].filter(([key]) => key.includes(having)).map(([, points]) => points)
    const sum = (of: (points: { time: number; value: number }[]) => number) => all.reduce((n, points) => n + of(points), 0) // biome-ignore format: one line
    return { risen: sum(points => points.at(-1)!.value - points[0]!.value), last: sum(points => points.at(-1)!.value) }
  }
}

const RESULTS = Array.from({ length: 120 }, (_, n) => resultOf(n))
const settings = { langfuseHost: 'http://langfuse' } as Settings
const redactor = { text: (text: string) => text.replace(/\S+@\S+/g, '[EMAIL]') } as Redactor
const said: string[] = []
const writerOf = (sender: Sender, journals: string) =>
  new ResultWriter({ sender, journals, settings, redactor, say: line => void said.push(line) })
const folderOf = () => path.join(mkdtempSync(path.join(tmpdir(), 'afn-journals-')), 'evaluate')

/** As the command does it: what others left, then what is not there yet. */
async function run(sender: Receiver, folder: string, inStore: ReadonlySet<string>): Promise<void> {
  const writer = writerOf(sender, folder)
  const left = new Set((await writer.sendLeft()).map(spanIdOf))
  const planned = RESULTS.filter(one => !left.has(spanIdOf(one)) && !inStore.has(spanIdOf(one)))
  try {
    await writer.expect(planned)
    for (const one of planned) await writer.add(one)
  } finally {
    await writer.end()
  }
}

/** Process ids of no process. */
function bury(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [head, ...results] = readFileSync(path.join(folder, name), 'utf8').split('\n')
    const dead = { ...JSON.parse(head!), writer: { ...JSON.parse(head!).writer, pid: 2 ** 22 + 1 } }
    writeFileSync(path.join(folder, name), [JSON.stringify(dead), ...results].join('\n'))
  }
}

describe('results of stored calls', () => {
  it('a run that is killed at any of its requests, and then the next one, lose results or count them twice', async () => {
    const whole = new Receiver()
    await run(whole, folderOf(), new Set())
    expect(whole.requests).toBeGreaterThan(8)
    for (let first = 0; first < whole.requests; first++) {
      const [folder, store] = [folderOf(), new Receiver(first)]
      for (const second of [2, Number.POSITIVE_INFINITY]) {
        await run(store, folder, new Set(store.spans.keys())).catch(({ message }) => expect(message).toBe('killed'))
        bury(folder)
        store.killedAt = store.requests + second
      }
      await run(store, folder, new Set(store.spans.keys()))
      expect(store.spans.size).toBe(RESULTS.length)
      const { risen, last } = store.sums('afn.llm.evaluation.results', '')
      expect({ first, risen, last }).toEqual({ first, risen: RESULTS.length, last: RESULTS.length })
      expect(store.sums('afn.llm.evaluation.results', 'outcome=fail').last).toBe(40)
      expect(store.sums('afn.llm.evaluation.score', '').last).toBe(RESULTS.length)
      for (const points of [...store.points.values()].flatMap(series => [...series.values()]))
        expect(points).toEqual(points.toSorted((a, b) => a.time - b.time || a.value - b.value))
      expect(readdirSync(folder)).toEqual([])
    }
  })

  it('a journal has personal data, or keeps more of a call than its results need', async () => {
    const folder = folderOf()
    const writer = writerOf(new Receiver(), folder)
    await writer.add(RESULTS[0]!)
    const text = readFileSync(path.join(folder, readdirSync(folder)[0]!), 'utf8')
    expect(text).toContain('[EMAIL] 0')
    expect(text).not.toContain('ann@')
    expect(text).not.toContain('aaaa')
    await writer.end()
  })

  it('a line that was torn by a kill makes the journal unreadable', async () => {
    const [folder, store] = [folderOf(), new Receiver(1)]
    await run(store, folder, new Set()).catch(() => {})
    bury(folder)
    appendFileSync(path.join(folder, readdirSync(folder)[0]!), '{"call":{"traceId":"00')
    await run(store, folder, new Set())
    expect(store.spans.size).toBe(RESULTS.length)
  })

  it('a run to another receiver, or one that is at work, has its results taken away', async () => {
    const [folder, store] = [folderOf(), new Receiver(1)]
    await run(store, folder, new Set()).catch(() => {})
    // its process runs: this one
    expect(await writerOf(new Receiver(), folder).sendLeft()).toEqual([])
    bury(folder)
    const other = Object.assign(new Receiver(), { shown: 'http://other:4318' })
    expect(await writerOf(other, folder).sendLeft()).toEqual([])
  })

  it('a receiver without metrics, such as Tempo, stops the run, or nobody is told', async () => {
    const store = Object.assign(new Receiver(), { metricsStatus: 404 })
    await run(store, folderOf(), new Set())
    expect(store.spans.size).toBe(RESULTS.length)
    expect(said.filter(line => line.includes('does not take metrics (404 not found)'))).toHaveLength(1)
  })
})
