// Holds what was exported against the facts: spans and counters, and what the application got against a run without us.
import type { ReceivedMetric, ReceivedSpan } from '../../support/receiver'
import { differs } from '../compare'
import type { Case, Facts, Tokens, Verdict } from './case'
import type { Outcome } from './child'

export interface Judgement {
  readonly call: string
  readonly verdict: Verdict
  /** How it differs from the facts. */
  readonly problems: readonly string[]
}

const attributeOf: Record<keyof Tokens, string> = {
  input: 'gen_ai.usage.input_tokens',
  output: 'gen_ai.usage.output_tokens',
  cacheRead: 'gen_ai.usage.cache_read.input_tokens',
  cacheWrite: 'gen_ai.usage.cache_write.input_tokens',
  reasoning: 'gen_ai.usage.reasoning.output_tokens',
  audioInput: 'gen_ai.usage.audio.input_tokens',
  audioOutput: 'gen_ai.usage.audio.output_tokens',
  imageInput: 'gen_ai.usage.image.input_tokens',
  imageOutput: 'gen_ai.usage.image.output_tokens',
}
const kinds = Object.keys(attributeOf) as (keyof Tokens)[]

/** Runs of agents and tools repeat what the calls below them used. */
const notCalls = new Set([
  'invoke_agent',
  'invoke_workflow',
  'execute_tool',
  'create_agent',
  'retrieval',
  'plan',
  'agent_step',
])

const isCall = ({ attributes }: ReceivedSpan) =>
  typeof attributes['gen_ai.operation.name'] === 'string' &&
  !notCalls.has(attributes['gen_ai.operation.name']) &&
  attributes['afn.llm.usage.rollup'] !== true

export function judge({ calls }: Case, bare: Outcome, preloaded: Outcome): Judgement[] {
  const spans = preloaded.spans
    .filter(isCall)
    .sort((a, b) => (a.startNano < b.startNano ? -1 : a.startNano > b.startNano ? 1 : 0))
  const left = new Set(spans)
  const take = (facts: Facts, spans: ReceivedSpan[]): ReceivedSpan[] => {
    const found = spans.filter(span => left.has(span) && matches(facts, span))
    for (const span of found) left.delete(span)
    return found
  }
  const all = Object.entries(calls).flatMap(([call, { facts }]) => facts.map(fact => ({ call, fact })))
  const byId = all.map(({ fact }) => (fact.id === undefined ? [] : take(fact, spans)))
  const judgements = all.map(({ call, fact }, at): Judgement => {
    const id = byId[at]!
    // a failed attempt has no id, and some protocols have none
    if (id.length === 0)
      for (const span of left)
        if (span.attributes['gen_ai.response.id'] === undefined || fact.id === undefined) {
          left.delete(span)
          id.push(span)
          break
        }
    if (!fact.error && isFailed(bare.results[call])) return { call, verdict: 'refused', problems: [] }
    const { verdict, problems } = judgeCall(fact, id)
    const result = differs(bare.results[call], preloaded.results[call])
    if (!result) return { call, verdict, problems }
    const changed = `the app got ${brief(result.b)} for ${brief(result.a)} at ${result.at}`
    return { call, verdict: verdict === 'exact' || verdict === 'unpriced' ? 'wrong' : verdict, problems: [...problems, changed] } // biome-ignore format: one line
  })
  return [
    ...judgements,
    ...ofProcess(
      all.map(({ fact }) => fact),
      judgements,
      left,
      bare,
      preloaded,
    ),
  ]
}

/** A combination of versions that the client itself refuses is no case. */
const isFailed = (result: unknown) => result !== null && typeof result === 'object' && 'error' in result

const matches = ({ id, model, pending = false }: Facts, { attributes }: ReceivedSpan) =>
  attributes['gen_ai.response.id'] === id &&
  (attributes['gen_ai.response.model'] ?? model) === model &&
  (attributes['afn.llm.response.pending'] ?? false) === pending

function judgeCall(facts: Facts, [span, ...others]: ReceivedSpan[]): { verdict: Verdict; problems: string[] } {
  if (!span) return { verdict: 'dark', problems: ['no span'] }
  if (others.length > 0) return { verdict: 'double', problems: [`${others.length + 1} spans`] }
  const { attributes } = span
  const problems: string[] = []
  const hold = (what: string, expected: unknown, got: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(got))
      problems.push(`${what} ${JSON.stringify(got)} for ${JSON.stringify(expected)}`)
  }
  hold('provider', facts.provider, attributes['gen_ai.provider.name'])
  for (const kind of kinds) {
    const [expected, got] = [facts[kind], attributes[attributeOf[kind]]]
    // none and zero are the same bill
    if (expected || got) hold(kind, expected, got)
  }
  if (!facts.error)
    hold('model', facts.model, attributes['gen_ai.response.model'] ?? attributes['gen_ai.request.model'])
  if (facts.finish) hold('finish', facts.finish, attributes['gen_ai.response.finish_reasons'])
  const error = attributes['error.type']
  const isRight = Array.isArray(facts.error) ? facts.error.includes(error) : (error !== undefined) === (facts.error === 'any') // biome-ignore format: one line
  if (!isRight) problems.push(`error.type ${error} for ${facts.error}`)
  if (facts.error && span.status.code !== 2) problems.push(`status ${span.status.code} of a failure`)
  const first = attributes['gen_ai.response.time_to_first_chunk']
  if (facts.waitMs) {
    const total = Number(span.endNano - span.startNano) / 1e6
    const ms = typeof first === 'number' ? first * 1000 : Number.NaN
    // after it the second wait is left; the machine may be busy
    if (!(ms >= facts.waitMs * 0.9 && ms <= total - facts.waitMs * 0.2))
      problems.push(`first chunk after ${ms} of ${total} ms`)
  }
  const told = facts.input !== undefined || facts.output !== undefined
  const tells = attributes[attributeOf.input] !== undefined || attributes[attributeOf.output] !== undefined
  if (told && !tells) return { verdict: 'silent', problems }
  const cost = attributes['afn.llm.cost.total']
  const isPriced = typeof cost === 'number'
  if (isPriced && facts.cost === 'unknown') problems.push(`cost ${cost}, which nobody can know`)
  else if (isPriced && Math.abs(cost - (facts.cost as number)) > 1e-9) problems.push(`cost ${cost} for ${facts.cost}`)
  if (problems.length > 0) return { verdict: 'wrong', problems }
  if (isPriced || facts.cost === 'unknown' || (facts.error && facts.cost === 0)) return { verdict: 'exact', problems }
  return { verdict: 'unpriced', problems: [`no cost for ${facts.cost}`] }
}

/** What is not of one call: spans that belong to none, and the counters, which have to say what the spans say. */
function ofProcess(
  facts: Facts[],
  judgements: Judgement[],
  left: ReadonlySet<ReceivedSpan>,
  bare: Outcome,
  { spans, metrics, received, problems: others }: Outcome,
): Judgement[] {
  const problems = [...others]
  if (received.length !== bare.received.length)
    problems.push(`${received.length} requests for ${bare.received.length} without us`)
  let verdict: Verdict = 'wrong'
  if (left.size > 0) {
    verdict = 'double'
    problems.push(`${left.size} spans more than calls: ${[...left].map(({ name }) => name).join(', ')}`)
  }
  const calls = spans.filter(isCall)
  const embeds = ({ attributes }: ReceivedSpan) => attributes['gen_ai.operation.name'] === 'embeddings'
  const sumOf = (spans: readonly ReceivedSpan[], attribute: string) =>
    spans.reduce((sum, { attributes }) => sum + (Number(attributes[attribute]) || 0), 0)
  const inferences = calls.filter(call => !embeds(call))
  const counters = [
    ['gen_ai.client.inference.usage.input_tokens', inferences, attributeOf.input],
    ['gen_ai.client.embeddings.operation.input_tokens', calls.filter(embeds), attributeOf.input],
    ['gen_ai.client.inference.usage.output_tokens', inferences, attributeOf.output],
    ['gen_ai.client.inference.usage.cache_read.input_tokens', inferences, attributeOf.cacheRead],
    ['gen_ai.client.inference.usage.cache_write.input_tokens', inferences, attributeOf.cacheWrite],
    ['gen_ai.client.inference.usage.reasoning.output_tokens', inferences, attributeOf.reasoning],
    ['afn.llm.cost', calls, 'afn.llm.cost.total'],
  ] as const
  for (const [metric, of, attribute] of counters) {
    const [counted, spoken] = [counterOf(metrics, metric), sumOf(of, attribute)]
    if (Math.abs(counted - spoken) > 1e-9) problems.push(`${metric} counts ${counted}, spans ${spoken}`)
  }
  // a call without a cost is counted as such
  const [unpriced, said] = [
    judgements.filter(({ verdict }) => verdict === 'unpriced').length,
    counterOf(metrics, 'afn.llm.unpriced_operations'),
  ]
  if (said < unpriced) problems.push(`${unpriced} calls without a cost, and ${said} are said to be`)
  // a request that is a call is no span of an HTTP client besides
  const beside = spans.filter(
    ({ kind, attributes }) => kind === 3 && attributes['gen_ai.operation.name'] === undefined && callPath.test(String(attributes['url.path'] ?? attributes['url.full'])), // biome-ignore format: one line
  )
  const unseen = judgements.filter(({ verdict }) => verdict === 'dark').length
  if (beside.length > unseen) {
    const said = beside.map(({ name, attributes }) => `${name} ${attributes['url.full']}`)
    problems.push(`${beside.length} spans of an HTTP client beside ${facts.length} calls: ${said.join(', ')}`)
  }
  return problems.length > 0 ? [{ call: '(the process)', verdict, problems }] : []
}

const callPath =
  /\/(?:completions|responses|messages|converse|converse-stream|embeddings|chat)$|:(?:g|streamG)enerateContent$/

/** The last export of each process has the sum of all. */
function counterOf(metrics: readonly ReceivedMetric[], name: string): number {
  const last = new Map(
    metrics
      .filter(metric => metric.name === name)
      .map(({ resource, points }) => [resource['service.instance.id'], points]),
  )
  return [...last.values()].flat().reduce((sum, { value }) => sum + value, 0)
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
