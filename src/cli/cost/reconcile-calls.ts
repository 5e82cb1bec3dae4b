// The part of `afn-otel cost reconcile` that has each call of the provider before it: a log of invocations, or spans of its own.
import { loadChunk } from '../../app/chunks'
import { bedrockModel } from '../../operations/cost/bedrock-model'
import type { CostConfig } from '../../operations/cost/config'
import { modelKey } from '../../operations/cost/invoice/compare'
import { money } from '../../operations/cost/money'
import { isBedrockLog, readBedrockLog } from '../../operations/cost/witness/bedrock-log'
import { isClaudePlatform, readClaudePlatform } from '../../operations/cost/witness/claude-platform-spans'
import {
  type CallComparison,
  type CallDifference,
  causes,
  compareCalls,
} from '../../operations/cost/witness/compare-calls'
import { ourCalls } from '../../operations/cost/witness/our-calls'
import type { Statement, TheirCall } from '../../operations/cost/witness/statement'
import { storedSpans } from '../../operations/cost/witness/stored-spans'
import { table } from '../../shared/queries/table'
import { secondsOfDuration } from '../../shared/queries/window'
import { print } from '../help'
import { json, plainText } from '../terminal'
import { sourcesOf } from './sources'

interface Witness {
  readonly provider: string
  /** In a message. */
  readonly name: string
  is(content: string): boolean
  /** @throws InvoiceError */
  read(content: string): TheirCall[]
  /** A name by which both sides call a model the same. */
  modelOf(name: string): string
}

const claudePlatform: Witness = {
  provider: 'anthropic',
  name: 'file',
  is: isClaudePlatform,
  read: readClaudePlatform,
  modelOf: modelKey,
}
const witnesses: readonly Witness[] = [
  { provider: 'aws.bedrock', name: 'log', is: isBedrockLog, read: readBedrockLog, modelOf: bedrockModel },
  claudePlatform,
]

/** @returns undefined for a file that has no calls, such as an invoice */
export const witnessOf = (content: string): Witness | undefined => witnesses.find(one => one.is(content))

/** Clocks differ. */
const AROUND_MS = 120_000

/** @returns the exit code, as the help of `reconcile` says @throws InvoiceError, BackendError */
export async function reconcileStored(
  values: { readonly tempo?: string | undefined; readonly json: boolean; readonly since: string },
  config: CostConfig,
): Promise<number> {
  const end = Date.now()
  const backend = sourcesOf(values, config).traces
  const { content, isPart } = await storedSpans(
    { start: end - 1_000 * secondsOfDuration('--since', values.since), end },
    backend,
  )
  if (content === '')
    throw new Error(
      `${backend.url} has no spans of the Claude API since ${values.since}; add a destination in the Claude Console, or set --since`,
    )
  const notes = isPart
    ? ["one second has more traces than a search returns, so some of the API's spans are missing"]
    : []
  return reconcileCalls(backend.url, content, { ...claudePlatform, name: 'API' }, values, config, notes)
}

/**
 * @param more to say besides
 * @returns the exit code, as the help of `reconcile` says @throws InvoiceError, BackendError
 */
export async function reconcileCalls(
  file: string,
  content: string,
  { provider, name, read, modelOf }: Witness,
  values: { readonly tempo?: string | undefined; readonly json: boolean },
  config: CostConfig,
  more: readonly string[] = [],
): Promise<number> {
  const theirs = read(content)
  if (theirs.length === 0)
    throw new Error(`${file}: the ${name} has no calls that used tokens; export a time range with some`)
  const times = theirs.map(({ at }) => at)
  const span = { start: times.reduce((a, b) => Math.min(a, b)), end: times.reduce((a, b) => Math.max(a, b)) + 1_000 }
  const around = { start: span.start - AROUND_MS, end: span.end + AROUND_MS }
  const backend = sourcesOf(values, config).traces
  const { calls, isPart } = await ourCalls(around, { backend, provider, modelOf })
  const { loadPrices } = loadChunk('prices')
  const prices = loadPrices(process.env.AFN_PRICES || undefined, problem => console.error(plainText(problem)))
  const price = ({ at, name: model, input = 0, output = 0, cacheRead, cacheWrite, tier }: Statement) => {
    const usage = { input, output, cacheRead, cacheWrite }
    const found = prices.price({
      provider,
      models: [model],
      usage,
      at: new Date(at),
      serviceTier: tier || undefined,
    })
    return 'cause' in found ? undefined : found.total
  }
  const whole = compareCalls(calls, theirs, price)
  // what we have at the edges belongs to hours that the log does not have
  const isInside = ({ ours, theirs: other }: CallDifference) => other || (ours!.at >= span.start && ours!.at < span.end)
  const comparison = { ...whole, differences: whole.differences.filter(isInside) }
  const notes = [
    ...more,
    ...(isPart ? ['one second has more traces than a search returns, so some of our calls are missing'] : []),
  ]
  if (values.json) print(json({ provider, ...comparison, notes }, 2))
  else {
    console.error(
      `${file} of ${provider}, ${new Date(span.start).toISOString()} to ${new Date(span.end).toISOString()}, against ${backend.url}`,
    )
    for (const note of notes) console.error(`note: ${note}`)
    print(shown(comparison, name).join('\n'))
  }
  return comparison.differences.length === 0 ? 0 : 3
}

function shown({ calls, differences }: CallComparison, name: string): string[] {
  const tokens = (call: Statement | TheirCall | undefined) =>
    call === undefined ? '-' : `${call.input ?? '?'} + ${call.output ?? '?'}${call.tier ? ` ${call.tier}` : ''}`
  const rows = differences.map(({ causes: why, ours, theirs, usd }) => [
    new Date((theirs ?? ours)!.at).toISOString(),
    (theirs ?? ours)!.model,
    tokens(theirs),
    tokens(ours),
    usd === undefined ? 'unknown' : money(usd, 'USD'),
    why.join(', '),
    ours ? `${ours.service} ${ours.traceId}` : theirs!.traceId || `line ${theirs!.line}`,
  ])
  const named = new Set(differences.flatMap(one => one.causes))
  return [
    ...(rows.length > 0
      ? [...table(['TIME', 'MODEL', 'THEIR TOKENS', 'OURS', 'DIFFERENCE', 'CAUSE', 'WHERE'], rows), '']
      : []),
    ...Array.from(named, cause => `${cause}: ${causes[cause]}`),
    `${calls.same} of ${calls.theirs} calls of the ${name} match ours; ${differences.length} differences`,
  ].map(line => plainText(line))
}
