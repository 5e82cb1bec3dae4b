// Providers of models: how the app's own calls went, and where it makes few, whether the list of models can be had, which costs
// nothing. No request ever runs a model.
import type { Reading } from '../check'
import { CheckFailure, wordOfStatus } from '../failure'
import type { Ask } from './http-request'
import type { RecentCalls } from './recent-calls'

export interface LlmProvider {
  /** As in `gen_ai.provider.name`. */
  readonly name: string
  /** Of the list of models. `undefined` where no key is known: then the app's calls alone say how it is. */
  readonly models?: { readonly url: string; readonly headers: Readonly<Record<string, string>> }
}

/** Fewer calls say nothing. */
const fewestCalls = 5
const warnAt = 0.1
const failAt = 0.5

export async function checkLlm(
  ask: Ask,
  calls: RecentCalls,
  provider: LlmProvider,
  signal: AbortSignal,
): Promise<Reading> {
  const { total, failed, output } = calls.of(provider.name)
  const share = total >= fewestCalls ? failed / total : undefined
  const measured = {
    measurement: 'errorRate',
    observedValue: Math.round((share ?? 0) * 1_000) / 10,
    observedUnit: 'percent',
  }
  if (share !== undefined && share >= warnAt)
    return { status: share >= failAt ? 'fail' : 'warn', ...measured, output: output ?? 'error' }
  if (share !== undefined || !provider.models) return { status: 'pass', ...measured }
  const { status } = await ask({ ...provider.models, statusOnly: true }, signal)
  const word = wordOfStatus(status)
  if (word) throw new CheckFailure(word)
  return { status: 'pass' }
}
