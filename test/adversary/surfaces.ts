// What comes from providers, from pages and from who sends to `up` or asks it, each with the lengths at which its texts are measured.
import type { Surface } from './search.mjs'
import { documents } from './surfaces/documents'
import { forms } from './surfaces/forms'
import { frames } from './surfaces/frames'
import { hiddenUsage } from './surfaces/hidden-usage'
import { otlpJson, otlpProtobuf } from './surfaces/otlp'
import { page } from './surfaces/page'
import { promql, traceql } from './surfaces/queries'
import { question, questions } from './surfaces/questions'
import { receiver } from './surfaces/receiver'
import { requests } from './surfaces/requests'
import { statements } from './surfaces/statements'
import { streams } from './surfaces/streams'
import { websocket } from './surfaces/websocket'

export interface Attacked {
  readonly name: string
  readonly surface: () => Surface | Promise<Surface>
  /** In characters; the search is made at the first. */
  readonly lengths: readonly number[]
  /** Of the search of the short version. */
  readonly seconds: number
}

const [SHORT, LONG] = [
  [4_096, 16_384],
  [16_384, 65_536, 262_144],
]

const of = (name: string, surface: Attacked['surface'], lengths: readonly number[], seconds: number): Attacked => ({
  name,
  surface,
  lengths,
  seconds,
})

export const surfaces: readonly Attacked[] = [
  of('the stream of an answer', () => streams('openai-chat', true), LONG, 2),
  of('the stream of an answer, whose content nobody wants', () => streams('openai-chat', false), LONG, 2),
  of('the events of an answer', () => streams('openai-responses', true), LONG, 2),
  of('the lines of an answer', () => streams('ollama-chat', true), LONG, 2),
  of('an answer in one piece', () => documents('openai-chat', true), LONG, 2),
  of('an answer in one piece, whose content nobody wants', () => documents('openai-chat', false), LONG, 2),
  of('the frames of an answer', () => frames('bedrock-converse', true), LONG, 2),
  of('what comes on a WebSocket', () => websocket, [262_144, 1_048_576], 2),
  of('a large request of an agent', () => requests, [65_536, 262_144, 1_048_576], 2),
  of('a form', () => forms, LONG, 2),
  of('a stream without the counts that nobody asked for', () => hiddenUsage, LONG, 2),
  of('a statement for a database', () => statements, LONG, 3),
  of('a query of TraceQL', () => traceql([]), SHORT, 3),
  of('a query of PromQL', () => promql([]), SHORT, 3),
  of('OTLP in JSON', () => otlpJson, LONG, 2),
  of('OTLP in protobuf', () => otlpProtobuf, LONG, 2),
  of('a request of a page', page, [16_384, 65_536], 3),
  of('a request to the receiver of up', receiver, LONG, 3),
  ...questions.map(place =>
    of(`a question to up: ${place.replace('\n', ' with ')}`, () => question(place), SHORT, 0.4),
  ),
]
