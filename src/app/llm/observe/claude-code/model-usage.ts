// Parses the usage that Claude Code reports per model and turn.
import { providerNamed } from '../../providers/providers'
import type { Usage } from '../../usage'
import { count, type Doc, doc, number } from '../../wire/json'

/** Claude Code's names of providers other than Anthropic. */
const providers: Readonly<Record<string, string>> = {
  bedrock: providerNamed('bedrock'),
  mantle: providerNamed('bedrock'),
  vertex: providerNamed('vertex'),
  foundry: providerNamed('azure.ai.inference'),
}

/** Returns the `gen_ai.provider.name`. */
export function providerOf(counts: Doc): string {
  return providers[String(counts.provider)] ?? providerNamed('anthropic')
}

/** Claude Code reports input tokens without cached tokens. */
export function usageOf(counts: Doc): Usage {
  const [cacheRead, cacheWrite] = [count(counts.cacheReadInputTokens), count(counts.cacheCreationInputTokens)]
  return {
    input: (count(counts.inputTokens) ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output: count(counts.outputTokens),
    cacheRead,
    cacheWrite,
    cacheWrite5m: count(counts.cacheCreationEphemeral5mInputTokens),
    cacheWrite1h: count(counts.cacheCreationEphemeral1hInputTokens),
    reasoning: count(counts.thinkingTokens),
    webSearches: count(counts.webSearchRequests) || undefined,
  }
}

/** Fields that are not totals of the session and are kept unchanged. */
const FIXED = new Set(['contextWindow', 'maxOutputTokens'])

/** Computes the usage per model since `before` from totals of the whole session. */
export function grownBy(totals: Doc, before: Doc): Doc {
  return Object.fromEntries(
    Object.entries(totals).map(([model, now]) => {
      const then = doc(before[model]) ?? {}
      const counts = Object.entries(doc(now) ?? {})
      const isCleared = counts.some(([name, value]) => Number(value) < Number(then[name]))
      return [
        model,
        Object.fromEntries(
          counts.map(([name, value]) => {
            const less = !isCleared && !FIXED.has(name) ? number(then[name]) : undefined
            return [name, typeof value === 'number' && less !== undefined ? value - less : value]
          }),
        ),
      ]
    }),
  )
}
