// The most that tokens may cost: the dearest of the prices that the table has for them.
import type { Call } from '../llm/call'
import type { Pricer } from '../llm/report/cost/pricer'
import type { Usage } from '../llm/usage'
import type { Bound } from './bounded-request'

export interface PricedRequest {
  readonly provider: string
  readonly model: string | undefined
  readonly serverAddress: string | undefined
  /** As it was requested. */
  readonly serviceTier: string | undefined
}

/** USD; or why nobody can tell. */
export function worstPrice(
  pricer: Pricer,
  request: PricedRequest,
  bound: Bound,
  at: Date,
): number | { problem: string } {
  const price = worstOf(pricer, request, bound, at)
  if (!bound.or) return price
  // in units that have no price it is not charged
  const other = worstOf(pricer, request, { ...bound, usage: bound.or }, at)
  return typeof price === 'number' && typeof other === 'number' ? Math.max(price, other) : typeof price === 'number' ? price : other // biome-ignore format: one choice
}

function worstOf(pricer: Pricer, request: PricedRequest, bound: Bound, at: Date): number | { problem: string } {
  const { input = 0, output = 0, ...others } = bound.usage
  const rates = isEmpty(others) && ratesOf(pricer, request, bound, at)
  if (rates) return input * rates.input + output * rates.output
  const price = dearestOf(pricer, request, bound, at)
  return 'problem' in price ? price : price.others + price.input + price.output
}

function isEmpty(others: object): boolean {
  for (const _ in others) return false
  return true
}

interface Dearest {
  readonly input: number
  readonly output: number
  /** What is charged besides tokens. */
  readonly others: number
}

function dearestOf(pricer: Pricer, request: PricedRequest, bound: Bound, at: Date): Dearest | { problem: string } {
  const { input = 0, output = 0, ...pieces } = bound.usage
  let [dearest, dearestInput, dearestOutput] = [0, 0, 0]
  let cause: string | undefined
  for (const time of timesOf(pricer, request, { input, output }, at)) {
    for (const serviceTier of tiersOf(request)) {
      const plain = priceOf(pricer, { ...request, serviceTier }, { input, output, ...pieces }, time)
      if (typeof plain === 'string') {
        // a tier that the model doesn't have
        if (serviceTier === request.serviceTier) cause ??= plain
        continue
      }
      const others = variantsOf(bound, input, output).map(usage =>
        priceOf(pricer, { ...request, serviceTier }, usage, time),
      )
      for (const price of [plain, ...others]) {
        if (typeof price === 'string') continue
        dearestInput = Math.max(dearestInput, price.input)
        dearestOutput = Math.max(dearestOutput, price.output)
      }
      dearest = Math.max(dearest, plain.total - plain.input - plain.output)
    }
  }
  if (cause !== undefined) return { problem: `no price is known for it (${cause})` }
  return { others: dearest, input: dearestInput, output: dearestOutput }
}

const HALF_A_DAY = 12 * 3_600_000
const MINUTE = 60_000

/** Of the models that the last calls named: whether their price changes within half a day, and what a token costs. */
const nothingKnown = (minute: number, pricer?: Pricer) => ({
  minute,
  pricer,
  changes: new Map<string, boolean>(),
  rates: new Map<string, Rates | undefined>(),
})
let known = nothingKnown(0)
const MOST_KNOWN = 256

function knownAt(pricer: Pricer, at: Date): typeof known {
  const minute = Math.floor(at.getTime() / MINUTE)
  const isFull = known.changes.size >= MOST_KNOWN || known.rates.size >= MOST_KNOWN
  if (known.minute !== minute || known.pricer !== pricer || isFull) known = nothingKnown(minute, pricer)
  return known
}

/** USD of one token, the dearest. */
interface Rates {
  readonly input: number
  readonly output: number
}

/** A call of so many tokens each: below the thresholds from which on a context is a long one, between them, and above. */
const PROBES = [1_000, 150_000, 10_000_000]
/** A product may be this much below the sum of which it is one. */
const ROUNDING = 1 + 1e-12

/** Undefined where a token costs more in a long context than in a short one, or nobody knows the price. */
function ratesOf(pricer: Pricer, request: PricedRequest, bound: Bound, at: Date): Rates | undefined {
  const { provider, model, serverAddress, serviceTier } = request
  const { rates } = knownAt(pricer, at)
  const key = [provider, model, serverAddress, serviceTier, bound.hasLongCache, bound.hasMedia].join(' ')
  if (rates.has(key)) return rates.get(key)
  const found = PROBES.map(tokens => {
    const price = dearestOf(pricer, request, { ...bound, usage: { input: tokens, output: tokens } }, at)
    return 'problem' in price ? undefined : { input: price.input / tokens, output: price.output / tokens }
  })
  const [first] = found
  const isSame = (one: Rates | undefined) =>
    one !== undefined && isNear(one.input, first!.input) && isNear(one.output, first!.output)
  const same =
    first && found.every(isSame) ? { input: first.input * ROUNDING, output: first.output * ROUNDING } : undefined
  // `dearestOf` may have begun a new minute
  knownAt(pricer, at).rates.set(key, same)
  return same
}

const isNear = (one: number, other: number) => Math.abs(one - other) <= Math.abs(other) * 1e-9

/** An hour of low prices may be over before the call is; few models have such hours. */
function timesOf(pricer: Pricer, request: PricedRequest, usage: Usage, at: Date): Date[] {
  const { changes: known } = knownAt(pricer, at)
  const { provider, model, serverAddress, serviceTier } = request
  const key = [provider, model, serverAddress, serviceTier].join(' ')
  const later = new Date(at.getTime() + HALF_A_DAY)
  let changes = known.get(key)
  if (changes === undefined) {
    const [now, then] = [at, later].map(time => priceOf(pricer, request, usage, time))
    changes = !(typeof now === 'object' && typeof then === 'object' && now.total === then.total)
    // without output some of its prices are not seen
    if (changes || usage.output !== 0) known.set(key, changes)
  }
  return changes ? [at, later] : [at]
}

/** Without a tier, OpenAI takes that of the project, which may be a faster one. */
function tiersOf({ provider, serviceTier }: PricedRequest): (string | undefined)[] {
  const isProjects = serviceTier === undefined || serviceTier === 'auto'
  return isProjects && /openai/.test(provider) ? [serviceTier, 'priority'] : [serviceTier]
}

/** Of the same tokens, what may cost more than plain text: each of them all of the tokens. */
function variantsOf({ hasLongCache, hasMedia }: Bound, input: number, output: number): Usage[] {
  const variants: Usage[] = [{ input, output, cacheWrite: input, reasoning: output }]
  if (hasLongCache) variants.push({ input, output, cacheWrite: input, cacheWrite1h: input })
  if (hasMedia)
    variants.push(
      { input, output, audioInput: input, audioOutput: output },
      { input, output, imageInput: input, imageOutput: output },
      { input, output, videoInput: input },
    )
  return variants
}

interface TokenPrice {
  readonly total: number
  readonly input: number
  readonly output: number
}

function priceOf(pricer: Pricer, request: PricedRequest, usage: Usage, at: Date): TokenPrice | string {
  const call = {
    ...NO_CALL,
    provider: request.provider,
    requestModel: request.model,
    serverAddress: request.serverAddress,
    serviceTier: request.serviceTier,
    usage,
  }
  pricer.price({ call, attributes: {}, endTime: [at.getTime() / 1_000, 0], own: () => ({}) })
  const { cost } = call
  if (!cost) return call.unpricedCause ?? 'model'
  return { total: Number(cost.total), input: Number(cost.input ?? 0), output: Number(cost.output ?? 0) }
}

const NO_CALL: Call = {
  operation: 'chat',
  kind: 'answer',
  isModelCall: true,
  isRollup: false,
  provider: undefined,
  requestModel: undefined,
  responseModel: undefined,
  responseId: undefined,
  serverAddress: undefined,
  serverPort: undefined,
  serviceTier: undefined,
  usage: {},
  hasWrongCount: false,
  hasTokens: true,
  isCharged: true,
  requests: 1,
  timeToFirstChunk: undefined,
  timePerOutputChunk: undefined,
  streamEnd: undefined,
  isPending: false,
  isHosted: false,
  unpricedCause: undefined,
  cost: undefined,
}
