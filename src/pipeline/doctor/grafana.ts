// Grafana: is it there, and does it reach its database.
// https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api

import { placeOf, silence, stranger } from './addresses'
import { type Check, checksOf } from './check'
import { ask, objectIn } from './probe-request'

const { holds, fails } = checksOf('Grafana')

/** Nothing is looked at where no variable names one: a Grafana at its usual port may be anybody's. */
export async function grafanaChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  if (!env.AFN_GRAFANA) return []
  const place = placeOf(env, ['AFN_GRAFANA'], '')
  const health = await ask(`${place.url}/api/health`)
  if ('silent' in health) return [silence('Grafana', 'reachable', place, health)]
  const { database, version } = objectIn(health.body)
  if (typeof database !== 'string') return [stranger('Grafana', 'reachable', place, `HTTP ${health.status}`)]
  return [
    health.status === 200 && database === 'ok'
      ? holds('reachable', `${version ?? 'unknown version'} at ${place.url}`)
      : fails('reachable', `${place.url} is unhealthy: database ${database}; see its log`),
  ]
}
