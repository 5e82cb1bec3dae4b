// Everything that sees LLM calls, started and stopped as one: `fetch`, Node's HTTP clients, the AI SDK's channel and child processes. The
// preload and afnNodeSDK() share it.
import { trace } from '@opentelemetry/api'
import type { Settings } from '../../shared/config/settings'
import { warnNotObserved } from '../../shared/diag/report'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import { watchAiSdk } from '../llm/observe/ai-sdk/channel'
import { watchChildren } from '../llm/observe/claude-code/channel'
import { HttpClients } from '../llm/observe/http/clients'
import type { LlmTapOptions } from '../llm/observe/options'
import { type LlmTap, startLlmTap } from '../llm/observe/start'
import { LLM_SCOPE } from '../llm/spans/span'
import { traceparentFor } from './provider-trace'
import type { Telemetry } from './telemetry'
import { unobservedStatus } from './unobserved-metric'

export interface LlmCalls {
  readonly tap: LlmTap
  readonly clients: HttpClients
  /** Calls that are under way still end their spans. */
  stop(): void
}

/** @param beforeOtherCall called once, before the first fetch that is no LLM call */
export function watchLlmCalls(settings: Settings, telemetry: Telemetry, beforeOtherCall?: () => void): LlmCalls {
  const { captureContent, includeUsage } = settings
  const options: LlmTapOptions = {
    captureContent,
    // what is recorded is what the app asks and gets without us
    includeUsage: telemetry.record ? 'off' : includeUsage,
    record: telemetry.record,
    tracer: trace.getTracer(LLM_SCOPE, version),
    evaluation: telemetry.evaluation,
    began: telemetry.pair,
    repeats: telemetry.repeats,
    ends: telemetry.ends,
    traceparent: traceparentFor(settings.providerTraceHosts, telemetry.idOf),
    ...(beforeOtherCall && { beforeOtherCall }),
    onFailure: warnNotObserved,
  }
  const tap = startLlmTap(options, () => loadChunk('llm-calls'))
  const guarding = () => {
    const guard = loadChunk('guard').createGuard(options, telemetry.pricer, settings)
    Object.defineProperty(telemetry.status, 'guard', { enumerable: true, configurable: true, get: () => guard.status })
    return guard
  }
  telemetry.runtime.guard = rules => guarding().add(rules)
  if (settings.guard.length > 0) guarding().addAll(settings.guard)
  if (settings.loops !== 'off') guarding().watchLoops(settings)
  const unwatch = watchAiSdk({ captureContent, onFailure: warnNotObserved }, () => loadChunk('ai-sdk'))
  const passContext = (envPairs: string[]) => loadChunk('environment').passContext(envPairs)
  const unwatchChildren = watchChildren({ captureContent, passContext, onFailure: warnNotObserved }, () =>
    loadChunk('llm-calls'),
  )
  const clients = new HttpClients(tap.http)
  Object.defineProperty(telemetry.status, 'llm', {
    enumerable: true,
    configurable: true,
    get: () => ({
      fetch: tap.state(),
      ...clients.states,
      captureContent,
      includeUsage,
      protocols: [...tap.protocols],
      prices: telemetry.prices(),
      unobserved: unobservedStatus(),
    }),
  })
  return {
    tap,
    clients,
    stop() {
      tap.stop()
      clients.stop()
      unwatch()
      unwatchChildren()
    },
  }
}
