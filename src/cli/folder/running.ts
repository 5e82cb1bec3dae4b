// Whether what runs is what is written: each process says by which files it goes.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { sameQuery } from '../../backend/promql/same-query'
import { alertmanagerAt, metricsOf } from '../../monitoring/alerts/api'
import { configHash } from '../../monitoring/alerts/output-files'
import type { RuleGroup } from '../../monitoring/slo/rule-file'
import { ALERTS_FILE } from '../../pipeline/deployment/alerting'
import { SETTINGS_FILE } from '../../pipeline/deployment/command-settings'
import { JOBS_FILE } from '../../pipeline/deployment/jobs'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { contentHash } from '../../shared/files/content-hash'
import { type Backend, getJson } from '../../shared/queries/http'
import { goesBy } from '../alerts/watched-files'
import type { JobState } from '../jobs/worker'
import { differenceIn } from './running-config'

/** Where the processes of a folder are asked. */
export interface Addresses {
  readonly prometheus: Readonly<Record<string, string>>
  readonly alertmanager: string
  /** Undefined where there is none. */
  readonly receiver: string | undefined
  readonly jobs: string
}

/** It does not run what is written, and it is no matter of time. */
export class RefusedConfig extends Error {}

interface ConfigCheck {
  readonly name: string
  /** @returns why it is not what is written yet; undefined where it is. @throws RefusedConfig */
  difference(): Promise<string | undefined>
}

const LOOK_MS = 300

/** When Prometheus has read its configuration the last time, by its own clock, and so with the rules; by address. */
export type ReloadTimes = ReadonlyMap<string, number>

export async function loadedNow({ prometheus }: Addresses): Promise<ReloadTimes> {
  const times = Object.values(prometheus).map(async url => [url, (await reloadOf(url)).at] as const)
  // one that is away now is started
  return new Map(await Promise.all(times.map(time => time.catch(() => ['', 0] as const))))
}

/**
 * Waits until all run what the folder has.
 * @param before what Prometheus had read before it was told to read again
 * @returns of each that does not by then, why
 * @throws RefusedConfig when one has refused its file
 */
export async function untilSame(
  folder: string,
  addresses: Addresses,
  before: ReloadTimes,
  timeoutMs: number,
): Promise<string[]> {
  const parts = partsOf(folder, addresses, before)
  for (const deadline = Date.now() + timeoutMs; ; await sleep(LOOK_MS)) {
    const found = await Promise.all(
      parts.map(async ({ name, difference }) => {
        const why = await difference().catch((error: unknown) => {
          if (error instanceof RefusedConfig) throw error
          return (error as Error).message
        })
        return why === undefined ? [] : [`${name}: ${why}`]
      }),
    )
    if (found.flat().length === 0 || Date.now() > deadline) return found.flat()
  }
}

const FOLDERS: Readonly<Record<string, string | undefined>> = { high: 'rules', medium: 'rules/period' }

function partsOf(
  folder: string,
  { prometheus, alertmanager, receiver, jobs }: Addresses,
  before: ReloadTimes,
): ConfigCheck[] {
  const text = (file: string) => readFileSync(path.join(folder, file), 'utf8')
  const hash = (file: string) => contentHash(text(file))
  return [
    ...Object.entries(prometheus).map(([resolution, url]): ConfigCheck => {
      const file = resolution === 'high' ? 'prometheus.yml' : `prometheus-${resolution}.yml`
      return {
        name: file,
        difference: () => ofPrometheus(url, text(file), rulesIn(folder, FOLDERS[resolution]), before.get(url) ?? 0),
      }
    }),
    { name: 'alertmanager.yml', difference: () => ofAlertmanager(alertmanager, text('alertmanager.yml')) },
    ...(receiver === undefined
      ? []
      : [
          {
            name: 'alert receiver',
            difference: async () => {
              const { config } = (await health(receiver)) as { config?: string }
              const written = [ALERTS_FILE, SETTINGS_FILE].map(file => path.join(folder, 'commands', file))
              return config === goesBy(written[0]!, written[1]) ? undefined : 'it uses a different alerts-config.yaml'
            },
          },
        ]),
    {
      name: 'jobs',
      difference: async () => {
        const { table, jobs: all = [] } = (await health(jobs)) as { table?: string; jobs?: readonly JobState[] }
        if (table !== hash(`commands/${JOBS_FILE}`)) return 'it uses a different job file'
        const watch = all.find(({ name }) => name === 'cost-budget')
        return watch?.reads === hash(`commands/${MONITORING_FILE}`)
          ? undefined
          : 'it has not evaluated the budgets since'
      },
    },
  ]
}

const health = async (url: string): Promise<unknown> =>
  (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })).json()

async function ofAlertmanager(url: string, written: string): Promise<string | undefined> {
  const metrics = await metricsOf(alertmanagerAt(url))
  const value = (name: string) => metrics.get(`alertmanager_config_${name}`)?.[0]?.value
  if (value('last_reload_successful') === 0)
    throw new RefusedConfig('Alertmanager rejected alertmanager.yml; see its log: docker compose logs alertmanager')
  return value('hash') === configHash(written) ? undefined : 'it has not loaded the file yet'
}

const prometheusAt = (url: string): Backend => ({ name: 'Prometheus', url, setBy: 'AFN_PROMETHEUS_URL' })

async function reloadOf(url: string): Promise<{ readonly at: number; readonly succeeded: boolean }> {
  const metrics = await metricsOf(prometheusAt(url))
  const value = (name: string) => metrics.get(`prometheus_config_last_reload_${name}`)?.[0]?.value
  return { at: value('success_timestamp_seconds') ?? 0, succeeded: value('successful') !== 0 }
}

async function ofPrometheus(
  url: string,
  written: string,
  rules: ReadonlyMap<string, readonly RuleGroup[]>,
  before: number,
): Promise<string | undefined> {
  const { at, succeeded } = await reloadOf(url)
  if (!succeeded) throw new RefusedConfig(`Prometheus at ${url} rejected its configuration or a rule; see its log`)
  if (at <= before) return 'it has not loaded its files yet'
  const backend = prometheusAt(url)
  const { data } = (await getJson(backend, 'api/v1/status/config', {})) as { data: { yaml: string } }
  const difference = differenceIn(parse(written), parse(data.yaml))
  if (difference !== undefined) return `${difference} differs`
  return differenceOfRules(rules, (await getJson(backend, 'api/v1/rules', {})) as RulesAnswer)
}

/** Name of the file → its groups. */
function rulesIn(folder: string, below: string | undefined): Map<string, readonly RuleGroup[]> {
  if (below === undefined) return new Map()
  let names: string[] = []
  try {
    names = readdirSync(path.join(folder, below)).filter(name => name.endsWith('.yml'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return new Map(
    names.map(name => [name, parse(readFileSync(path.join(folder, below, name), 'utf8')).groups as RuleGroup[]]),
  )
}

interface RulesAnswer {
  readonly data: {
    readonly groups: readonly {
      readonly name: string
      readonly file: string
      readonly rules: readonly {
        readonly name: string
        readonly query: string
        readonly labels?: Readonly<Record<string, string>>
        readonly annotations?: Readonly<Record<string, string>>
      }[]
    }[]
  }
}

function differenceOfRules(
  written: ReadonlyMap<string, readonly RuleGroup[]>,
  { data }: RulesAnswer,
): string | undefined {
  const running = new Map(data.groups.map(group => [`${path.basename(group.file)} ${group.name}`, group.rules]))
  const wanted = new Map(
    [...written].flatMap(([file, groups]) => groups.map(({ name, rules }) => [`${file} ${name}`, rules])),
  )
  const more = [...running.keys()].find(key => !wanted.has(key))
  if (more !== undefined) return `it still has the rules in ${more}`
  for (const [key, rules] of wanted) {
    const found = running.get(key)
    if (found?.length !== rules.length) return `it does not have the rules in ${key}`
    for (const [at, rule] of rules.entries()) {
      const other = found[at]!
      const isSame =
        other.name === (rule.alert ?? rule.record) &&
        sameQuery(other.query, rule.expr) &&
        sameTexts(other.labels, rule.labels) &&
        sameTexts(other.annotations, rule.annotations)
      if (!isSame) return `${rule.alert ?? rule.record} in ${key} differs`
    }
  }
  return undefined
}

const sameTexts = (a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean => {
  const sorted = (texts: object) => JSON.stringify(Object.entries(texts).toSorted(([x], [y]) => (x < y ? -1 : 1)))
  return sorted(a) === sorted(b)
}
