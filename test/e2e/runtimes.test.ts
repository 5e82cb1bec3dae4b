// `@afn/otel/fetch` on each runtime of which npm has a package: the spans of every recording are those of Node.js, and nothing planted leaves.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAll, type RecordedCall } from '../conformance/calls'
import { ofTheConnection, startProvider } from '../conformance/provider'
import { type Recording, readFolder } from '../conformance/recordings'
import { type Line, type Runtime, runtimes } from '../runtimes/runtimes'
import { isLong } from '../support/long'
import { root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'

const fixtures = path.join(root, 'test/fixtures/recordings')
const shared = path.join(root, '../shared/recordings')

/** What differs by nature. */
const OF_TIME = /time_to_first_chunk|time_per_output_chunk|first_chunk_ms|retry_after/
/** What LangFuse reads is written on Node.js alone. */
const OF_LANGFUSE = /^langfuse\./
/** On Node.js a second table is asked where the first has no price. */
const OF_PRICE = /^afn\.llm\.(?:cost\.|unpriced)/

function recordings(): Map<string, Recording> {
  const all = readFolder(fixtures).recordings
  if (isLong('runtimes') && existsSync(shared))
    for (const [id, one] of readFolder(shared).recordings) if (!all.has(id)) all.set(id, one)
  return all
}

const known = recordings()
const batch = [...known.values()].map(({ id, request: { url, method, headers, body } }) => ({
  id,
  url,
  method,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.has(name.toLowerCase()))),
  body: typeof body === 'string' ? body : JSON.stringify(body),
}))

/** What of a span has to be the same. */
function facts({ name, kind, status, attributes, types, scope }: ReceivedSpan): Record<string, unknown> {
  const keys = Object.keys(attributes).filter(key => ![OF_TIME, OF_LANGFUSE, OF_PRICE].some(one => one.test(key)))
  const said = keys.map(key => [key, [types[key], attributes[key]]])
  return { name, kind, status, scope, ...Object.fromEntries(said) }
}

function differing(ours: Record<string, unknown> = {}, theirs: Record<string, unknown> = {}): string[] {
  const same = (key: string) => JSON.stringify(ours[key]) === JSON.stringify(theirs[key])
  return Object.keys({ ...ours, ...theirs })
    .filter(key => !same(key))
    .map(key => `${key}: ${JSON.stringify(ours[key])} instead of ${JSON.stringify(theirs[key])}`)
}

const priceOf = ({ attributes }: ReceivedSpan) => attributes['afn.llm.cost.total']
const tableOf = ({ attributes }: ReceivedSpan) => attributes['afn.llm.cost.price_table']

describe('every recording', () => {
  let onNode: Map<string, RecordedCall>
  let provider: Awaited<ReturnType<typeof startProvider>>

  beforeAll(async () => {
    onNode = await callAll([...known.values()], { client: 'fetch' })
    provider = await startProvider(({ rawHeaders }) => {
      const at = rawHeaders.findIndex(text => text.toLowerCase() === 'x-afn-recording')
      const recording = known.get(decodeURIComponent(rawHeaders[at + 1] ?? ''))
      return recording && { recording }
    })
  }, 600_000)
  afterAll(() => provider?.close())

  it.each(Object.entries(runtimes))(
    'has the spans on %s that it has on Node.js',
    { timeout: 600_000 },
    async (_, start) => {
      const runtime: Runtime = await start()
      const receiver = await startReceiver()
      let lines: Line[]
      try {
        lines = await runtime.run({
          batch,
          provider: `http://127.0.0.1:${provider.port}`,
          collector: receiver.url,
        })
      } finally {
        await runtime.stop()
      }
      const spans = receiver.spans()
      await receiver.close()
      expect(lines.map(({ id }) => id)).toEqual(batch.map(({ id }) => id))
      const different: string[] = []
      let priced = 0
      for (const { id, traceId, failure } of lines) {
        const here = spans.filter(span => span.traceId === traceId && span.scope !== 'conformance')
        const there = onNode.get(id)!
        if (failure !== there.failure) different.push(`${id}: ${failure} instead of ${there.failure}`)
        if (here.length !== there.spans.length) different.push(`${id}: ${here.length} spans`)
        const [ours, theirs] = [here, there.spans].map(list => list.sort((a, b) => (a.name < b.name ? -1 : 1)))
        for (const [at, span] of theirs!.entries()) {
          different.push(...differing(ours![at] && facts(ours![at]), facts(span)).map(text => `${id} ${text}`))
          if (!String(tableOf(span)).startsWith('litellm')) continue
          priced++
          if (ours![at] && priceOf(ours![at]) !== priceOf(span))
            different.push(`${id} cost ${priceOf(ours![at])} instead of ${priceOf(span)}`)
        }
      }
      expect(different).toEqual([])
      expect(priced).toBeGreaterThan(20)
    },
  )
})
