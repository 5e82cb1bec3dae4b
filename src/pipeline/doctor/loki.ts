// Loki: its version, and how long it keeps each class of log records.
// https://grafana.com/docs/loki/latest/reference/loki-http-api/
import { parse } from 'yaml'
import { parseDuration } from '../../shared/durations'
import { streamsOf } from '../deployment/loki-config'
import type { Plan } from '../deployment/plan'
import { placeOf, silence, stranger } from './addresses'
import { type Check, checksOf } from './check'
import { type Answered, ask, objectIn, type Silent } from './probe-request'
import { compareVersions } from './version'

const { holds, fails, skips } = checksOf('Loki')
/** From which on an attribute of a record can be a label. */
const oldest = '3.7'

/** Nothing is looked at where no variable names one: `afn-otel up` and the folder of a laptop have none. */
export async function lokiChecks(env: NodeJS.ProcessEnv, plan: Plan): Promise<Check[]> {
  if (!env.AFN_LOKI_URL) return []
  const place = placeOf(env, ['AFN_LOKI_URL'], '')
  const build = await ask(`${place.url}/loki/api/v1/status/buildinfo`)
  if ('silent' in build) return [silence('Loki', 'reachable', place, build)]
  const { version, goVersion } = objectIn(build.body)
  if (goVersion === undefined) return [stranger('Loki', 'reachable', place, `HTTP ${build.status}`)]
  const [ready, config] = await Promise.all([ask(`${place.url}/ready`), ask(`${place.url}/config`)])
  return [
    'status' in ready && ready.status === 200
      ? holds('reachable', place.url)
      : fails('reachable', `${place.url} is not ready (${said(ready)}); see its log`),
    versionCheck(String(version ?? '')),
    ...limitChecks(config, plan),
  ]
}

const said = (answer: Answered | Silent): string =>
  'silent' in answer ? answer.silent : `${answer.status}: ${answer.body.trim().slice(0, 200)}`

function versionCheck(version: string): Check {
  const order = compareVersions(version, oldest)
  if (order === undefined) return skips('version', 'unknown')
  return order < 0
    ? fails('version', `${version} is older than ${oldest}, which the generated loki.yaml requires; update it`)
    : holds('version', version)
}

interface Limits {
  readonly deletion_mode?: string
  readonly retention_stream?: readonly { readonly selector?: string; readonly period?: string }[]
}

function limitChecks(answer: Answered | Silent, plan: Plan): Check[] {
  const config = 'status' in answer && answer.status === 200 ? yamlIn(answer.body) : undefined
  if (!config?.limits_config) return [skips('retention', 'unknown: it does not expose its limits (/config)')]
  const { limits_config: limits, compactor } = config
  const remedy = 'use the loki.yaml from afn-otel generate'
  const wrong = streamsOf(plan).flatMap(({ selector, period }) => {
    const kept = limits.retention_stream?.find(one => one.selector === selector)?.period
    return parseDuration(kept ?? '') === parseDuration(period)
      ? []
      : [`${selector} is retained ${kept ?? 'for the default time'}, not ${period}`]
  })
  const classes = Object.entries(plan.retention.logs).map(([logClass, days]) => `${logClass} ${days} d`)
  return [
    compactor?.retention_enabled !== true
      ? fails('retention', `off: records are kept forever; ${remedy}`)
      : wrong.length > 0
        ? fails('retention', `${wrong.join('; ')}; ${remedy}, or change pipeline.retention.logs in the settings file`)
        : holds('retention', classes.join(', ')),
    limits.deletion_mode === 'filter-and-delete'
      ? holds('deletion', 'on')
      : fails('deletion', `${limits.deletion_mode}: afn-otel gdpr can't erase data from it; ${remedy}`),
  ]
}

function yamlIn(text: string): { limits_config?: Limits; compactor?: { retention_enabled?: boolean } } | undefined {
  try {
    const value: unknown = parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
