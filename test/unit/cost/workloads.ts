// Calls of services that are made up: healthy ones of many kinds, and six kinds with one inefficiency planted.
import type { Call } from '../../../src/operations/cost/advice/call'
import type { Arm } from '../../../src/operations/cost/advice/model'
import { Random } from '../../support/random'

export const random = new Random(18)
export const gaussian = (): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
/** Lengths are so: many near the median, a few far above. */
const lognormal = (median: number, sigma: number): number =>
  Math.max(1, Math.round(median * Math.exp(sigma * gaussian())))
const between = (low: number, high: number): number => low + random.next() * (high - low)
const whole = (low: number, high: number): number => Math.round(between(low, high))

export const start = Date.parse('2026-11-20T00:00:00Z')
const DAY = 86_400_000

const models = [
  { provider: 'openai', model: 'gpt-4o' },
  { provider: 'openai', model: 'gpt-4.1' },
  { provider: 'openai', model: 'gpt-5' },
  { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  { provider: 'anthropic', model: 'claude-opus-4-1' },
] as const

export interface Workload {
  readonly calls: Call[]
  readonly arms: Arm[]
}

let services = 0

/** Awaited calls of unlike lengths, spread over a week. */
function calls(count: number, of: (index: number) => Partial<Call> = () => ({})): Call[] {
  const service = `service-${++services}`
  const { provider, model } = random.pick(models)
  const [input, output, sigma] = [between(300, 3_000), between(80, 800), between(0.5, 1)]
  return Array.from(
    { length: count },
    (_, index): Call => ({
      at: start + (index / count) * 7 * DAY + random.next() * 1_000,
      service,
      feature: random.chance(0.5) ? 'support' : undefined,
      provider,
      model,
      input: lognormal(input, Math.max(0.5, sigma)),
      output: lognormal(output, sigma),
      cacheRead: 0,
      cacheWrite: 0,
      maxTokens: undefined,
      serviceTier: undefined,
      conversation: undefined,
      isStreamed: false,
      isAwaited: true,
      attempt: 1,
      isRetried: false,
      ...of(index),
    }),
  ).map((call, _, all) => ({ ...call, feature: all[0]!.feature }))
}

const alone = (some: Call[]): Workload => ({ calls: some, arms: [] })
const count = () => whole(400, 1_500)

/** Turns follow each other within minutes; each prompt holds what was said before. */
function conversations(of: { turns: number; cached: number; grows: boolean; count: number }): Call[] {
  const first = whole(400, 1_500)
  let at = 0
  let said = 0
  return calls(of.turns * of.count, index => {
    const turn = index % of.turns
    at = turn === 0 ? start + (index / (of.turns * of.count)) * 7 * DAY : at + between(10, 120) * 1_000
    const output = lognormal(250, 0.4)
    said = turn === 0 || !of.grows ? first + lognormal(120, 0.5) : said
    const input = said
    said += output + lognormal(120, 0.5)
    const isCached = turn > 0 && random.chance(of.cached) && input >= 1_024
    return {
      at,
      input,
      output,
      conversation: `${services}-${Math.floor(index / of.turns)}`,
      cacheRead: isCached ? Math.floor(input * 0.85) : 0,
    }
  })
}

/** Prompts that are nearly all the same text, seconds to minutes apart. */
function samePrompts(cached: number): Call[] {
  const prompt = whole(1_800, 9_000)
  const n = count()
  return calls(n, index => {
    const input = prompt + lognormal(80, 0.6)
    return { at: start + index * 40_000, input, cacheRead: random.chance(cached) ? prompt - (prompt % 128) : 0 }
  })
}

const answers = (arm: Omit<Arm, 'passes'>, of: number, share: number): Arm => ({
  ...arm,
  passes: { passed: Array.from({ length: of }, () => random.chance(share)).filter(Boolean).length, of },
})

/** Two models of one task, by their true shares of passes. */
function twoModels(share: number, otherShare: number, of: number, isOtherProvider: boolean): Workload {
  const other = isOtherProvider
    ? { provider: 'anthropic', model: 'claude-3-5-haiku-latest' }
    : { provider: 'openai', model: 'gpt-4o-mini' }
  const some = calls(count()).map(call => ({ ...call, provider: 'openai', model: 'gpt-4o' }))
  const { service, provider, model } = some[0]!
  return {
    calls: some,
    arms: [
      answers({ service, evaluation: 'relevance', provider, model }, of, share),
      answers({ service, evaluation: 'relevance', ...other }, of, otherShare),
    ],
  }
}

/** By the kinds of advice that have to be given. */
export const planted: Readonly<Record<string, () => Workload>> = {
  caching: () =>
    alone(random.chance(0.5) ? samePrompts(0) : conversations({ turns: 6, cached: 0, grows: true, count: 120 })),
  batch: () => alone(calls(count(), () => ({ isAwaited: false }))),
  'output-cap': () => {
    const share = between(0.02, 0.05)
    return alone(
      calls(count(), () => ({
        output: random.chance(share) ? whole(8_000, 16_000) : lognormal(between(150, 400), 0.5),
      })),
    )
  },
  retries: () => {
    const share = between(0.12, 0.3)
    let failed = false
    return alone(
      calls(count(), () => {
        const attempt = failed ? 2 : 1
        failed = attempt === 1 && random.chance(share)
        return { attempt, isRetried: failed }
      }),
    )
  },
  context: () => alone(conversations({ turns: whole(12, 20), cached: 0.9, grows: true, count: whole(40, 80) })),
  'model or provider': () => {
    const share = between(0.85, 0.97)
    return twoModels(share, Math.min(1, share + between(0, 0.01)), whole(1_200, 2_500), random.chance(0.5))
  },
}

/** None of these is to be advised on. */
export const healthy: readonly (() => Workload)[] = [
  () => alone(calls(count())),
  // documents of every length, each of them once
  () => alone(calls(count(), () => ({ input: lognormal(6_000, 0.7) }))),
  () => alone(samePrompts(0.9)),
  // alike, and hours apart
  () => alone(calls(whole(210, 400), () => ({ input: 4_000 + lognormal(60, 0.5) }))),
  // long answers are a part of the work
  () => alone(calls(count(), () => ({ output: lognormal(700, 1) }))),
  () => alone(calls(count(), () => ({ output: random.chance(0.3) ? whole(3_000, 6_000) : lognormal(200, 0.5) }))),
  // stopped already
  () => alone(calls(count(), () => ({ output: random.chance(0.04) ? 900 : lognormal(200, 0.4), maxTokens: 900 }))),
  // attempts that were refused at once have used nothing
  () => alone(calls(count(), index => ({ attempt: index % 40 === 1 ? 2 : 1, isRetried: index % 40 === 0 }))),
  () => alone(conversations({ turns: 4, cached: 0.9, grows: true, count: 150 })),
  () => alone(conversations({ turns: 12, cached: 0.95, grows: false, count: 60 })),
  () => alone(calls(count(), () => ({ isAwaited: false, serviceTier: 'batch' }))),
  () => alone(calls(count(), () => ({ isAwaited: false, isStreamed: true }))),
  () => alone(calls(count(), index => ({ isAwaited: index % 3 > 0 }))),
  // too few
  () => alone(calls(whole(20, 190), () => ({ isAwaited: false }))),
  () => twoModels(0.95, 0.95, whole(30, 199), false),
  // worse by the margin and more
  () => twoModels(0.93, 0.86, whole(400, 2_500), random.chance(0.5)),
  () => twoModels(0.9, 0.7, whole(200, 2_000), random.chance(0.5)),
  // a model without a price
  () => alone(calls(count(), () => ({ isAwaited: false, provider: 'ollama', model: 'my-model' }))),
]
