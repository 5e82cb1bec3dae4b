// Checks a model provider by the results of the app's own calls. If there are few, it requests the list of models, which is free. It never
// runs a model.
import type { Reading } from '../check'
import { CheckFailure, wordOfStatus } from '../failure'
import type { Ask } from './http-request'
import type { RecentCalls } from './recent-calls'

export interface LlmProvider {
  /** As in `gen_ai.provider.name`. */
  readonly name: string
  /** The request for the list of models. `undefined` without a known key; then only the app's calls count. */
  readonly models?: { readonly url: string; readonly headers: Readonly<Record<string, string>> }
}

/** With fewer calls, the error rate has no meaning. */
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
