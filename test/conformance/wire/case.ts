// What a case is: calls as an application writes them, and what the provider bills for each, declared by hand. The answers are made of
// the same facts, so that nothing but the facts says what is right.
import { nodes } from '../../support/nodes.mjs'
import type { Received } from './loopback'

export type Node = keyof typeof nodes
export const allNodes = Object.keys(nodes).map(Number) as Node[]

/** What the provider counts. Every detail is a part of its total: `input` includes cached tokens, `output` includes reasoning. */
export interface Tokens {
  readonly input?: number
  readonly output?: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  readonly reasoning?: number
  readonly audioInput?: number
  readonly audioOutput?: number
  readonly imageInput?: number
  readonly imageOutput?: number
}

/** The truth about a call. */
export interface Facts extends Tokens {
  /** The provider's id of the answer, by which its span is found; where a protocol has none, spans are taken in their order. */
  readonly id?: string
  /** `gen_ai.provider.name` */
  readonly provider: string
  /** The model that answered. */
  readonly model: string
  readonly finish?: readonly string[]
  /** USD, by arithmetic that stands in the case. `unknown`: what is told does not say it. */
  readonly cost: number | 'unknown'
  /** `error.type` is one of these, or anything; without it the call did not fail. */
  readonly error?: readonly string[] | 'any'
  /** The provider waits so long before the first content, and twice as long before the last. */
  readonly waitMs?: number
  /** The provider only says that the answer comes later. */
  readonly pending?: boolean
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent one by one; a number is a wait, ms. */
  readonly parts: readonly (string | Buffer | number)[]
  /** How the answer ends, where not in good order. */
  readonly ends?: 'cut' | 'never'
}

export interface Call {
  /** One fact for each call of a model that the application's call makes. */
  readonly facts: readonly Facts[]
  /** @param turn how many requests of this call came before */
  answer(request: Received, turn: number): Answer | undefined
  /** Of a WebSocket: the messages that answer each of the application's. */
  frames?(message: string, turn: number): readonly (string | number)[]
}

/** `unpriced`: exact but for a cost that is said to be unknown. `refused`: by the client itself, without us too. */
export type Verdict = 'exact' | 'unpriced' | 'wrong' | 'dark' | 'silent' | 'double' | 'refused'

/** A verdict that is no failure, since a page says it. */
export interface Documented {
  readonly verdict: Verdict
  /** Words of the page, which must have them. */
  readonly says: string
  readonly page: string
  /** Names of calls; all by default. */
  readonly calls?: RegExp
}

export interface Case {
  readonly group: string
  readonly name: string
  /** File in `apps`, which has each call under its name. */
  readonly app: string
  readonly calls: Readonly<Record<string, Call>>
  /** Where it runs; everywhere by default. */
  readonly nodes?: readonly Node[]
  /** Other versions of packages: name → name in the manifest. */
  readonly modules?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly documented?: readonly Documented[]
  /** Of the short run. */
  readonly quick?: true
}

export const json = (body: unknown, more: Omit<Answer, 'parts'> = {}): Answer => ({
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
  parts: [JSON.stringify(body)],
})

/** Server-sent events: data, or a name and data; a number is a wait. */
export const sse = (
  events: readonly (object | string | number | readonly [event: string, data: object])[],
  more: Omit<Answer, 'parts'> = {},
): Answer => ({
  ...more,
  headers: { 'content-type': 'text/event-stream; charset=utf-8', ...more.headers },
  parts: events.map(event => {
    if (typeof event === 'number') return event
    if (typeof event === 'string') return `data: ${event}\n\n`
    if (Array.isArray(event)) return `event: ${event[0]}\ndata: ${JSON.stringify(event[1])}\n\n`
    return `data: ${JSON.stringify(event)}\n\n`
  }),
})
