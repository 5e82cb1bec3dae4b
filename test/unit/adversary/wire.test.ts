// What comes from providers, from pages and from who sends to `up` or asks it: no text costs much more than what comes all day.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, it } from 'vitest'
import { bundled } from '../../adversary/bundled'
import { expectNothingDear, TIMEOUT } from '../../adversary/expect'
import type { Surface } from '../../adversary/search.mjs'

const surfaces = await bundled<
  typeof import('../../adversary/surfaces/documents') &
    typeof import('../../adversary/surfaces/forms') &
    typeof import('../../adversary/surfaces/frames') &
    typeof import('../../adversary/surfaces/hidden-usage') &
    typeof import('../../adversary/surfaces/otlp') &
    typeof import('../../adversary/surfaces/page') &
    typeof import('../../adversary/surfaces/queries') &
    typeof import('../../adversary/surfaces/receiver') &
    typeof import('../../adversary/surfaces/streams') &
    typeof import('../../adversary/surfaces/websocket')
>(
  ['documents', 'forms', 'frames', 'hidden-usage', 'otlp', 'page', 'queries', 'receiver', 'streams', 'websocket']
    .map(name => `export * from './test/adversary/surfaces/${name}'`)
    .join('\n'),
)
const {
  documents,
  forms,
  frames,
  hiddenUsage,
  otlpJson,
  otlpProtobuf,
  page,
  promql,
  receiver,
  streams,
  traceql,
  websocket,
} = surfaces

const sink = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
sink.listen(0, '127.0.0.1')
await once(sink, 'listening')
afterAll(() => void sink.close())

/** Characters, and what a search of the short version lasts, in seconds. */
const [SHORT, LONG] = [
  [4_096, 16_384],
  [16_384, 65_536, 262_144],
]
/** Of a harmless document nearly all is passed over, at 300 MB/s. */
const PASSED_OVER = 25

describe.each<[string, () => Surface | Promise<Surface>, readonly number[], number, number?]>([
  ['the stream of an answer', () => streams('openai-chat', true), LONG, 2],
  ['the stream of an answer, whose content nobody wants', () => streams('openai-chat', false), LONG, 2],
  ['the events of an answer', () => streams('openai-responses', true), LONG, 2],
  ['the lines of an answer', () => streams('ollama-chat', true), LONG, 2],
  ['an answer in one piece', () => documents('openai-chat', true), LONG, 2, PASSED_OVER],
  ['an answer in one piece, whose content nobody wants', () => documents('openai-chat', false), LONG, 2, PASSED_OVER],
  ['the frames of an answer', () => frames('bedrock-converse', true), LONG, 2],
  ['what comes on a WebSocket', () => websocket, [262_144, 1_048_576], 2],
  ['a form', () => forms, LONG, 2],
  ['a stream without the counts that nobody asked for', () => hiddenUsage, LONG, 2],
  ['a query of TraceQL', () => traceql([]), SHORT, 3],
  ['a query of PromQL', () => promql([]), SHORT, 3],
  ['OTLP in JSON', () => otlpJson, LONG, 2],
  ['OTLP in protobuf', () => otlpProtobuf, LONG, 2],
  ['a request of a page', () => page(`http://127.0.0.1:${(sink.address() as AddressInfo).port}`), [16_384, 65_536], 3],
  ['a request to the receiver of up', receiver, LONG, 3],
])('%s', (_, surface, lengths, seconds, bar) => {
  it('has no text that costs much more than another of its length', { timeout: TIMEOUT }, async () => {
    await expectNothingDear(await surface(), bar, lengths, seconds)
  })
})
