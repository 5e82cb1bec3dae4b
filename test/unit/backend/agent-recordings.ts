// The recordings of coding agents in test/fixtures/agents, the answers of the providers that they were made with, and a store that has taken them.
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import { agentsOf } from '../../../src/backend/agents-of-up'
import { createIntake } from '../../../src/backend/ingest'
import { openStore, type Store } from '../../../src/backend/store/store'
import { fromJson } from '../../../src/shared/otlp/from-json'
import { requestMessages } from '../../../src/shared/otlp/messages'
import type { Document } from '../../../src/shared/otlp/schema'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'
import { type Api, apiOn } from './api/ask'

const fixtures = path.join(import.meta.dirname, '../../fixtures/agents')
export const KEY = 'a key of the test that has 32 characters'
export const EMAIL = 'ann.planted@example.org'
export const ACCOUNT = '5f0c1c9e-3a43-4b0e-8ad1-6f1b3a9b7c11'
/** USD per million tokens; not those of the tables, so that a sum can be right by these alone. */
const rates = { input: 2, output: 10, cache_read: 0.25, cache_write: 2.5 }
const models = [
  'anthropic/claude-sonnet-5',
  'openai/gpt-5.5',
  'openai/gpt-5.2',
  'gcp.gemini/gemini-2.5-pro',
  'dashscope/qwen3-coder-plus',
]
/** The content of a file of prices. */
export const ownPrices = JSON.stringify(Object.fromEntries(models.map(model => [model, rates])))

export interface Answer {
  /** Those of the cache are a part. */
  readonly input: number
  readonly read: number
  readonly written?: number
  readonly output: number
}
/** As the provider's answers said: the n-th has n more of each kind. */
const nth = (n: number, { input, read, written = 0, output }: Answer): Answer => ({
  input: input + n * (written ? 3 : 1),
  read: read + n,
  written: written && written + n,
  output: output + n,
})
const claude = { input: 6_500, read: 5_000, written: 300, output: 200 }
const openai = { input: 4_000, read: 1_000, output: 300 }
// thoughts are apart there
const gemini = { input: 4_000, read: 1_000, output: 350 }
const twice = (answer: Answer) => [nth(1, answer), nth(2, answer)]

export const costOf = ({ input, read, written = 0, output }: Answer): number =>
  ((input - read - written) * rates.input +
    read * rates.cache_read +
    written * rates.cache_write +
    output * rates.output) /
  1e6

const geminiAnswers = twice(gemini).map(({ output, ...others }, n) => ({ ...others, output: output + n + 1 }))

/** With an MCP server, a skill, a subagent and a tool that fails: the first call is for the title of the session. */
const parts = Array.from({ length: 8 }, (_, n) => nth(n + 1, claude))

export const recordings: Record<string, readonly Answer[]> = {
  'claude-code-2.1.197-logs': twice(claude),
  'claude-code-2.1.197-traces': twice(claude),
  'claude-code-2.1.197-parts-logs': parts,
  'claude-code-2.1.197-parts-traces': parts,
  'codex-0.171.0-logs': twice(openai),
  'codex-0.171.0-mcp-logs': twice(openai),
  'codex-0.171.0-traces': twice(openai),
  'gemini-cli-0.61.0': geminiAnswers,
  'gemini-cli-0.61.0-detailed': geminiAnswers,
  'qwen-code-0.15.10': twice(openai),
  'copilot-cli-1.0.102': twice(openai),
  'opencode-1.18.33': [...twice(openai), nth(3, openai)],
}

/** Of whom an agent tells. */
interface Person {
  readonly email: string
  readonly account: string
}
const ann: Person = { email: EMAIL, account: ACCOUNT }

/** With what an agent adds whose user has signed in, as https://code.claude.com/docs/en/monitoring-usage has it. */
export function signedIn(value: unknown, person = ann): unknown {
  if (Array.isArray(value)) return value.map(one => signedIn(one, person))
  if (typeof value !== 'object' || value === null) return value
  const known = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, signedIn(inner, person)]))
  if (!Array.isArray(known.attributes) || !('timeUnixNano' in known || 'spanId' in known)) return known
  const who = [
    ['user.email', person.email],
    ['user.account_uuid', person.account],
  ].map(([key, text]) => ({ key, value: { stringValue: text } }))
  return { ...known, attributes: [...known.attributes, ...who] }
}

export const signalOf = (request: Document) =>
  'resourceLogs' in request ? 'logs' : 'resourceMetrics' in request ? 'metrics' : 'traces'

export const requestsOf = (name: string): Document[] =>
  JSON.parse(readFileSync(path.join(fixtures, `${name}.json`), 'utf8')) as Document[]

const windowOf = (requests: readonly Document[]) => {
  const times = [...JSON.stringify(requests).matchAll(/imeUnixNano":"(\d{10})\d{9}"/g)].map(([, s]) => Number(s))
  const known = times.filter(time => time > 0)
  return { start: Math.min(...known) - 60, end: Math.max(...known) + 60 }
}

export interface Taken {
  readonly store: Store
  readonly api: Api
  /** `start` and `end` of all that was taken. */
  readonly window: string
  readonly said: readonly string[]
}

/** @param prices the path of a file of `ownPrices`; by default the tables of the package @param now the clock of the API; by default it has stopped after the last record */
export async function taken(
  requests: readonly Document[],
  prices: string | undefined,
  encoding: 'json' | 'protobuf' = 'json',
  now?: () => number,
): Promise<Taken> {
  const store = await openStore({ path: ':memory:' })
  const said: string[] = []
  const take = intakeOf(store, prices, said)
  for (const request of requests) await send(take, request, ann, encoding)
  const { start, end } = windowOf(requests)
  const api = apiOn(store, now ?? (() => end * 1_000))
  return { store, api, window: `start=${start}&end=${end}`, said }
}

/** @param data the folder of `afn-otel up`, which makes its own key of pseudonyms */
export async function takenInto(
  data: string,
  requests: readonly (Person & { readonly request: Document })[],
  prices: string,
): Promise<Store> {
  mkdirSync(data)
  const store = await openStore({ path: path.join(data, 'telemetry.duckdb') })
  const take = intakeOf(store, prices, [], data)
  for (const { request, ...person } of requests) await send(take, request, person, 'json')
  return store
}

function intakeOf(store: Store, prices: string | undefined, said: string[], data?: string) {
  const say = (line: string) => said.push(line)
  const settings = data === undefined ? { hmacKey: KEY } : {}
  const agents = agentsOf({ settings, data, prices: () => loadPrices(prices, say), say })
  return createIntake(store, { redactor: undefined, prometheus: undefined, agents })
}

async function send(
  take: ReturnType<typeof intakeOf>,
  request: Document,
  person: Person,
  encoding: 'json' | 'protobuf',
): Promise<void> {
  const signal = signalOf(request)
  const read = fromJson(requestMessages[signal], signedIn(request, person))
  const sent = encoding === 'json' ? read : Buffer.from(toProtobuf(requestMessages[signal], read))
  expect(await take(signal, sent)).toBeUndefined()
}
