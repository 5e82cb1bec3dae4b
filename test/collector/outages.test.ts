// Which traces of LLM calls are outages. The generator knows what became of each call; decide(), the real Collector and the store of
// `afn-otel up` get only what the SDK writes (test/unit/llm/retried.test.ts holds that with a real client).
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decide, spansOfOtlp } from '../../src/shared/tiers'
import { Random } from '../support/random'
import { startUp } from '../support/up'
import { describeCollector, scratchFolder, spanIdsIn, startCollector, until } from './support'
import { exportRequest, type OtlpSpan } from './traces'

const [SERVER, CLIENT] = [2, 3]
const began = BigInt(Date.now() - 60_000) * 1_000_000n

/** A request whose calls are tried up to three times; its own span has not failed, as with express' default handler and a 429. */
function trace(random: Random): { spans: OtlpSpan[]; isOutage: boolean } {
  const traceId = random.hex(32)
  const span = (kind: number, name: string, parentSpanId?: string): OtlpSpan => ({
    traceId,
    spanId: random.hex(16),
    ...(parentSpanId && { parentSpanId }),
    name,
    kind,
    startTimeUnixNano: `${began}`,
    endTimeUnixNano: `${began + 50_000_000n}`,
    status: { code: 0 },
    attributes: [],
    events: [],
  })
  const root = span(SERVER, 'POST /chat')
  const spans = [root]
  let isOutage = false
  for (let calls = random.below(4); calls > 0; calls--) {
    const attempts = 1 + random.below(3)
    const succeeds = random.chance(0.7)
    for (let n = 1; n <= attempts; n++) {
      const isLast = n === attempts
      const status = isLast && succeeds ? 200 : random.pick([400, 401, 404, 408, 429, 429, 500, 503, 529])
      const attempt = span(CLIENT, 'chat m', root.spanId)
      attempt.attributes.push(
        { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
        { key: 'http.response.status_code', value: { intValue: `${status}` } },
        { key: 'afn.llm.attempt', value: { intValue: `${n}` } },
      )
      if (status !== 200) {
        attempt.status.code = 2
        attempt.attributes.push({ key: 'afn.llm.retried', value: { boolValue: !isLast } })
        if (random.chance(0.3)) attempt.events.push({ name: 'exception', timeUnixNano: `${began}`, attributes: [] })
      }
      spans.push(attempt)
    }
    if (!succeeds) isOutage = true
  }
  // a lookup that finds nothing is no outage
  if (random.chance(0.3)) {
    const lookup = span(CLIENT, 'GET', root.spanId)
    lookup.status.code = 2
    lookup.attributes.push({ key: 'http.response.status_code', value: { intValue: '404' } })
    spans.push(lookup)
  }
  return { spans, isOutage }
}

describeCollector(
  'of 1,000 traces of LLM calls, those in errors are the ones in which a call failed in the end',
  () => {
    const folder = scratchFolder()
    const files = path.join(folder, 'files')
    const random = new Random(15)
    const traces = Array.from({ length: 1_000 }, () => trace(random))
    const outages = traces.filter(({ isOutage }) => isOutage).map(({ spans: [root] }) => root!.traceId)
    const requests = Array.from({ length: 10 }, (_, n) =>
      exportRequest(traces.slice(n * 100, n * 100 + 100).flatMap(({ spans }) => spans)),
    )
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('has some of each', () => {
      expect(outages.length).toBeGreaterThan(200)
      expect(outages.length).toBeLessThan(800)
    })

    it('by decide()', () => {
      const decided = traces.filter(({ spans }) => decide(spansOfOtlp(exportRequest(spans))).tier === 'errors')
      expect(decided.map(({ spans: [root] }) => root!.traceId)).toEqual(outages)
    })

    describeCollector('in the Collector', () => {
      beforeAll(async () => {
        const collector = await startCollector(folder, ['--files', files], {
          AFN_DECISION_WAIT: '2s',
          AFN_AFTER_ROOT: '2s',
        })
        for (const request of requests) expect(await collector.send('traces', request)).toBe(200)
        await until('all decisions', async () => {
          const decided = await collector.own('otelcol_processor_tail_sampling_global_count_traces_sampled')
          return decided >= traces.length + outages.length
        }).catch(() => undefined) // the comparison says more
        await until('the errors', () => spanIdsIn(files, 'errors').size >= outages.length).catch(() => undefined)
        expect(await collector.stop()).toBe(0)
      })

      it('too', () => expect([...spanIdsIn(files, 'errors').keys()].sort()).toEqual([...outages].sort()))
    })

    it('in afn-otel up', async () => {
      const up = await startUp()
      for (const request of requests) expect((await up.post('traces', request)).status).toBe(200)
      const search = new URLSearchParams({
        q: '{ }',
        limit: '2000',
        start: `${began / 1_000_000_000n - 10n}`,
        end: `${Math.floor(Date.now() / 1_000)}`,
      })
      const ids = async () => {
        const answer = await fetch(`${up.url}/api/search?${search}`, { headers: { 'x-scope-orgid': 'afn-errors' } })
        const { traces: found } = (await answer.json()) as { traces: { traceID: string }[] }
        return found.map(({ traceID }) => traceID.padStart(32, '0')).sort()
      }
      await until('the search', async () => (await ids()).length >= outages.length).catch(() => undefined)
      expect(await ids()).toEqual([...outages].sort())
      await up.stop()
    })
  },
)
