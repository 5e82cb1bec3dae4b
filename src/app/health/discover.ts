// Discovers dependencies in the environment, and creates a check for each. All are optional and need no client library.
import { otlpTarget, signals } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'
import { type Check, defaultTimeoutMs, type Reading } from './check'
import { checkCollector } from './checks/collector'
import type { Ask, TlsFiles } from './checks/http-request'
import { checkLangfuse } from './checks/langfuse'
import { checkLlm } from './checks/llm'
import type { RecentCalls } from './checks/recent-calls'
import { checkTurso, tursoTarget } from './checks/turso'
import { keyedProviders } from './model-list-endpoints'

export type Environment = Readonly<Record<string, string | undefined>>
export type CheckName = Exclude<Settings['healthChecks'][number], 'auto' | 'none'>

export type Discovery = Pick<
  Settings,
  'healthChecks' | 'healthRequired' | 'healthCache' | 'langfuseHost' | 'langfusePublicKey' | 'spoolDir'
>

/** Longer, because a list of models rarely changes and its host counts requests. */
const llmPeriodMs = 60_000

export interface Discovered {
  readonly settings: Settings
  readonly env: Environment
  readonly ask: (files?: TlsFiles) => Ask
  readonly calls: RecentCalls
  /** Adds the check of a provider once the app's first call to it has ended. */
  readonly add: (check: Check) => void
}

/** Creates checks with the shared settings. */
export function checkMaker({ healthRequired, healthCache }: Discovery) {
  return (
    name: CheckName,
    componentType: Check['componentType'],
    // biome-ignore lint/suspicious/noConfusingVoidType: a check that only throws or not
    run: (signal: AbortSignal) => Promise<Reading | void>,
    more: Partial<Pick<Check, 'component' | 'periodMs'>> = {},
  ): Check => ({
    name,
    componentType,
    required: (healthRequired as readonly string[]).includes(name),
    isDiscovered: true,
    timeoutMs: defaultTimeoutMs,
    periodMs: healthCache,
    run: async signal => (await run(signal)) ?? { status: 'pass' },
    ...more,
  })
}

/** The checks that need only HTTP, which Workers support, too. */
export function discoverHttp({ settings, env, ask, calls, add }: Discovered): Check[] {
  const make = checkMaker(settings)
  const keyed = keyedProviders(env)
  calls.onProvider = name => {
    if (!keyed.some(provider => provider.name === name))
      for (const check of wanted(settings, [llmCheck(settings, ask(), calls, { name })])) add(check)
  }
  const turso = env.TURSO_DATABASE_URL && tursoTarget(env.TURSO_DATABASE_URL, env.TURSO_AUTH_TOKEN)
  const collector = collectorOf(settings)
  return [
    ...(turso ? [make('turso', 'datastore', signal => checkTurso(ask(), turso, signal))] : []),
    ...(settings.langfusePublicKey !== undefined
      ? [make('langfuse', 'component', signal => checkLangfuse(ask(), settings.langfuseHost, signal))]
      : []),
    ...(collector ? [make('collector', 'component', signal => checkCollector(ask(collector), collector, signal))] : []),
    ...keyed.map(provider => llmCheck(settings, ask(), calls, provider)),
  ]
}

function llmCheck(settings: Discovery, ask: Ask, calls: RecentCalls, provider: Parameters<typeof checkLlm>[2]) {
  // reading the app's own calls is free; the list of models is requested less often
  const periodMs = provider.models ? Math.max(llmPeriodMs, settings.healthCache) : settings.healthCache
  const run = (signal: AbortSignal) => checkLlm(ask, calls, provider, signal)
  return checkMaker(settings)('llm', 'component', run, { component: provider.name, periodMs })
}

/** Selects the checks that the setting names; `auto` selects all. */
export function wanted({ healthChecks }: Pick<Settings, 'healthChecks'>, checks: readonly Check[]): Check[] {
  const names: readonly string[] = healthChecks
  return checks.filter(({ name }) => names.includes('auto') || names.includes(name))
}

/** The Collector of the first signal with an OTLP exporter. */
function collectorOf(settings: Settings) {
  const signal = signals.find(signal => {
    const exporters: readonly string[] = settings[`${signal}Exporter`]
    return exporters.includes('otlp')
  })
  return signal && otlpTarget(signal, settings)
}
