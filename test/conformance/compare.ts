// Holds a run with the preload against one without: what the application got, what the provider got, and one span for
// each call with the tokens of its answer.
import type { Tokens } from './answers'
import type { Outcome } from './client-run'
import type { Received } from './provider'

/** What differs, by scenario; a scenario where nothing does has an empty list. */
export type Verdict = Map<string, string[]>

export interface CompareOptions {
  /** Headers by name and value only, not by order and spelling. */
  sortsHeaders?: boolean | undefined
  /** The counts of streams of every host are requested where the application does not request them. */
  includeUsage?: string | undefined
  /** The calls are a child process's. */
  child?: boolean | undefined
  /** What is another every time. */
  varies?: RegExp | undefined
}

/** Calls that reach nobody still are calls. */
const unreached: Record<string, number> = { 'nobody listens': 1 }

/** Bytes that are another every time. */
const everyTime = /^(amz-sdk-invocation-id|amz-sdk-request|x-amz-date|authorization)$/i

/** What a request that is no LLM call gets from us, as any traced one does. */
const context = /^(traceparent|tracestate)$/

/** Here the application hears no answer to its end, so its span need not tell what stands there. */
const cutShort = /^(break|throw|unread|abort|controller|connection|nobody|timeout)|, (unread|aborted)$|helper, left$/

/** @param tokens what each answer tells, by its name */
export function compare(
  bare: Outcome,
  preloaded: Outcome,
  tokens: Map<string, Tokens>,
  { sortsHeaders = false, includeUsage, child = false, varies }: CompareOptions,
): Verdict {
  const verdict: Verdict = new Map()
  const names = new Set([...Object.keys(bare.results), ...Object.keys(preloaded.results)])
  const steady = <T>(value: T): T =>
    varies && value ? JSON.parse(JSON.stringify(value).replaceAll(varies, '…')) : value
  for (const name of names) {
    const slug = name.replaceAll(/\W+/g, '-')
    const [without, with_] = [bare.wire.get(slug) ?? [], preloaded.wire.get(slug) ?? []]
    verdict.set(name, [
      ...firstDifference('result', steady(bare.results[name]?.outcome), steady(preloaded.results[name]?.outcome)),
      ...firstDifference(
        'wire',
        steady(wire(without, sortsHeaders)),
        steady(wire(includeUsage === 'on' ? with_.map(withoutUsageOption) : with_, sortsHeaders)),
      ),
      ...(child ? childProblems : spanProblems)(name, preloaded, with_, tokens),
    ])
  }
  // a run without us that shows nothing holds nothing
  const ended = names.size > 0 ? [] : [`nothing to compare: ${brief(bare.process)}`]
  verdict.set('the process', [...ended, ...firstDifference('process', bare.process, preloaded.process)])
  return verdict
}

const QUESTION = '"stream_options":{"include_usage":true},'

/** The request as the application made it: that the distribution asks for counts is wanted, and nothing else may differ. */
function withoutUsageOption(received: Received): Received {
  const text = received.body.toString('latin1')
  if (!text.startsWith(`{${QUESTION}`)) return received // or the application asks itself
  const lengthAt = received.rawHeaders.findIndex(name => name.toLowerCase() === 'content-length') + 1
  const rawHeaders = received.rawHeaders.map((value, at) =>
    at === lengthAt && at > 0 ? String(text.length - QUESTION.length) : value,
  )
  return { ...received, rawHeaders, body: Buffer.from(text.replace(QUESTION, ''), 'latin1') }
}

/** Requests that run at once come in any order. */
function wire(received: Received[], sortsHeaders: boolean): string[] {
  return received
    .map(({ method, path, httpVersion, rawHeaders, body }) => {
      const pairs = rawHeaders.flatMap((name, i) => (i % 2 ? [] : [[name, rawHeaders[i + 1] ?? '']])) as [
        string,
        string,
      ][]
      const own = pairs.filter(([name]) => method === 'POST' || !context.test(name))
      // each form has a boundary of its own
      const boundary = /boundary=([^;"]+)/.exec(
        own.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '',
      )?.[1]
      const steady = (text: string) => (boundary ? text.replaceAll(boundary, '…') : text)
      const headers = own.map(([name, value]) => `${name}: ${everyTime.test(name) ? '…' : steady(value)}`)
      const seen = sortsHeaders
        ? headers.map(header => header.replace(/^[^:]+/, name => name.toLowerCase())).sort()
        : headers
      return JSON.stringify([httpVersion, path, seen, steady(body.toString('latin1'))])
    })
    .sort()
}

/** Those of clients that began in a scenario. */
function spansOf(name: string, results: Outcome['results'], spans: Outcome['spans']): Outcome['spans'] {
  const { began } = results[name]!
  const next = Object.values(results).find(other => other.began > began)?.began ?? Number.POSITIVE_INFINITY
  return spans.filter(({ startNano, kind }) => {
    const ms = Number(startNano / 1_000_000n)
    return kind === 3 && ms >= began && ms < next
  })
}

/** A turn that came to its end has a call for each model with what all answers used, and there is no request of this process. */
function childProblems(
  name: string,
  { results, spans }: Outcome,
  received: Received[],
  tokens: Map<string, Tokens>,
): string[] {
  if (!results[name]) return []
  const within = spansOf(name, results, spans)
  const others = within.filter(({ scope }) => scope !== '@afn/otel/claude-code').map(({ name }) => name)
  if (others.length > 0) return [`spans of no child: ${others}`]
  if (cutShort.test(name)) return []
  const calls = within.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
  const known = received.map(({ answered = '' }): Tokens => tokens.get(answered) ?? [undefined, undefined])
  const told = calls.map(
    ({ attributes }): Tokens => [attributes['gen_ai.usage.input_tokens'], attributes['gen_ai.usage.output_tokens']],
  )
  return firstDifference('tokens', sum(known), sum(told))
}

const sum = (all: Tokens[]) => [0, 1].map(at => all.reduce((total, tokens) => total + Number(tokens[at] ?? 0), 0))

/** Each LLM request is one span of ours, whatever became of it, and no span of an HTTP client. */
function spanProblems(
  name: string,
  { results, spans }: Outcome,
  received: Received[],
  tokens: Map<string, Tokens>,
): string[] {
  if (!results[name]) return []
  const within = spansOf(name, results, spans)
  const calls = received.filter(({ method }) => method === 'POST')
  const llm = within.filter(({ scope }) => scope === '@afn/otel/llm')
  const expected = calls.length + (unreached[name] ?? 0)
  const problems: string[] = []
  if (llm.length !== expected) problems.push(`LLM spans: expected ${expected}, got ${llm.length}`)
  // an SDK that traces itself has a span above its attempts, which is counted as none of them
  const others = within.filter(span => !llm.includes(span) && span.attributes['afn.llm.usage.rollup'] !== true).length
  if (others !== received.length - calls.length) problems.push(`spans of the HTTP client: ${others}`)
  if (cutShort.test(name) || problems.length > 0) return problems
  const recorded = llm.map(
    ({ attributes }): Tokens => [attributes['gen_ai.usage.input_tokens'], attributes['gen_ai.usage.output_tokens']],
  )
  const known = calls.map(({ answered = '' }) => tokens.get(answered))
  return firstDifference('tokens', written(known), written(recorded))
}

/** Calls that run at once end in any order. */
function written(all: (Tokens | undefined)[]): string[] {
  return all.map((tokens = [undefined, undefined]) => tokens.map(count => count ?? '-').join('/')).sort()
}

function firstDifference(what: string, a: unknown, b: unknown): string[] {
  const path = differs(a, b)
  if (path === undefined) return []
  const from = sameStart(path.a, path.b)
  return [`${what}${path.at}: expected ${brief(path.a, from)}, got ${brief(path.b, from)}`]
}

/** How many characters of two long texts need not be shown. */
function sameStart(a: unknown, b: unknown): number {
  if (typeof a !== 'string' || typeof b !== 'string') return 0
  const at = [...a].findIndex((_, at) => a[at] !== b[at])
  return Math.max(0, (at < 0 ? a.length : at) - 100)
}

/**
 * The first place where two values differ.
 * @param alike what else than identity makes two values the same
 */
export function differs(
  a: unknown,
  b: unknown,
  at = '',
  alike: (a: unknown, b: unknown) => boolean = () => false,
): { at: string; a: unknown; b: unknown } | undefined {
  if (a === b || alike(a, b)) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return { at, a, b }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    const inner = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]
    const found = differs(inner[0], inner[1], `${at}.${key}`, alike)
    if (found) return found
  }
  // the same, but in another order
  const order = [Object.keys(a), Object.keys(b)]
  return order[0]?.join('\n') === order[1]?.join('\n') ? undefined : { at, a: order[0], b: order[1] }
}

export function brief(value: unknown, from = 0): string {
  const text = JSON.stringify(typeof value === 'string' ? value.slice(from) : value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
