// Anthropic's `usage.iterations`: compaction is billed beside what the top of `usage` says, an advisor as another model, and a model
// that declined before a fallback answered is not.
import { type AnthropicMore, counts, type Iteration, messages } from '../answers/anthropic'
import type { Call, Case, Facts, Tokens } from '../case'
import { type PricedModel, usd } from '../prices'

const own = 'claude-sonnet-4-5-20250929'
const sum = (...all: readonly Tokens[]): Tokens => {
  const of = (kind: keyof Tokens) => all.reduce((total, tokens) => total + (tokens[kind] ?? 0), 0)
  return { input: of('input'), output: of('output'), cacheRead: of('cacheRead'), cacheWrite: of('cacheWrite') }
}

let made = 0
function facts(tokens: Tokens, model = own, priced: PricedModel = 'claude-sonnet-4-5'): Facts {
  made++
  return { id: `msg_${made}`, provider: 'anthropic', model, finish: ['end_turn'], ...tokens, cost: usd(priced, tokens) }
}

const run = (tokens: Tokens): Iteration => ({ type: 'message', model: null, ...counts(tokens) })
const compacted = (tokens: Tokens): Iteration => ({ type: 'compaction', ...counts(tokens) })

const kinds: Record<string, () => Call> = {
  plain() {
    const tokens = { input: 12_000, output: 300, cacheRead: 4000, cacheWrite: 500 }
    return messages(facts(tokens), { iterations: [run(tokens)] })
  },
  compaction() {
    const [summary, answer] = [
      { input: 150_000, output: 3500 },
      { input: 20_000, output: 1000 },
    ]
    return messages(facts(sum(summary, answer)), { top: answer, iterations: [compacted(summary), run(answer)] })
  },
  'compaction with cache'() {
    const summary = { input: 160_000, output: 3500, cacheRead: 150_000 }
    const answer = { input: 20_000, output: 1000, cacheRead: 5000, cacheWrite: 2000 }
    return messages(facts(sum(summary, answer)), { top: answer, iterations: [compacted(summary), run(answer)] })
  },
  'two turns of hosted tools'() {
    const [first, second] = [
      { input: 3000, output: 100 },
      { input: 3500, output: 200, cacheRead: 3000 },
    ]
    const both = sum(first, second)
    return messages(facts(both), { top: both, iterations: [run(first), run(second)] })
  },
  advisor() {
    const [mine, advice] = [
      { input: 4000, output: 500 },
      { input: 8000, output: 1500 },
    ]
    const model = 'claude-opus-4-5-20251101'
    const { id: _, finish: __, ...advised } = facts(advice, model, 'claude-opus-4-5')
    const more: AnthropicMore = {
      top: mine,
      iterations: [run(mine), { type: 'advisor_message', model, ...counts(advice) }],
    }
    return messages(facts(mine), more, [advised])
  },
  fallback() {
    const [declined, served] = [
      { input: 5000, output: 0 },
      { input: 5000, output: 400 },
    ]
    const model = 'claude-haiku-4-5-20251001'
    const more: AnthropicMore = {
      top: served,
      iterations: [
        { type: 'message', model: own, ...counts(declined) },
        { type: 'fallback_message', model, ...counts(served) },
      ],
    }
    return messages(facts(served, model, 'claude-haiku-4-5'), more)
  },
}

const surfaces = ['beta create', 'beta stream', 'beta stream()']
const ofSurfaces = (prefix: string, names: readonly string[]) =>
  Object.fromEntries(
    Object.entries(kinds).flatMap(([kind, make]) => names.map(name => [`${prefix}, ${kind}: ${name}`, make()])),
  )

export const iterations: readonly Case[] = [
  { group: 'iterations', name: 'client', app: 'anthropic.mjs', calls: ofSurfaces('client', surfaces) },
  {
    group: 'iterations',
    name: 'ai 7, iterations',
    app: 'ai.mjs',
    calls: ofSurfaces('ai 7', ['anthropic generate', 'anthropic stream']),
    nodes: [22, 24, 26],
  },
]
