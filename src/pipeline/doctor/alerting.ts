// Alertmanager, and our receiver behind it: whether they are there, and whether Alertmanager runs the latest configuration.
// https://prometheus.io/docs/alerting/latest/management_api
import { type Notified, notifiedIn } from '../deployment/notification-targets'
import { placeOf, silence, stranger } from './addresses'
import { type Check, checksOf } from './check'
import { samplesIn } from './exposition'
import { ask, objectIn } from './probe-request'

/** Nothing is looked at where no variable names them: an Alertmanager at its usual port may be anybody's. */
export const alertingChecks = async (env: NodeJS.ProcessEnv, cwd: string): Promise<Check[]> =>
  (await Promise.all([alertmanager(env), receiver(env), notifications(env, cwd)])).flat()

async function alertmanager(env: NodeJS.ProcessEnv): Promise<Check[]> {
  if (!env.AFN_ALERTMANAGER_URL) return []
  const { holds, fails } = checksOf('Alertmanager')
  const place = placeOf(env, ['AFN_ALERTMANAGER_URL'], '')
  const [status, metrics] = await Promise.all([ask(`${place.url}/api/v2/status`), ask(`${place.url}/metrics`)])
  if ('silent' in status) return [silence('Alertmanager', 'reachable', place, status)]
  if (objectIn(status.body).versionInfo === undefined)
    return [stranger('Alertmanager', 'reachable', place, `HTTP ${status.status}`)]
  const samples = 'silent' in metrics ? undefined : samplesIn(metrics.body)
  const isLoaded = samples?.get('alertmanager_config_last_reload_successful')?.[0]?.value !== 0
  return [
    holds('reachable', place.url),
    isLoaded
      ? holds('configuration', 'loaded')
      : fails(
          'configuration',
          'rejected the latest version and runs the previous one; to find the error, run afn-otel alerts check',
        ),
  ]
}

async function receiver(env: NodeJS.ProcessEnv): Promise<Check[]> {
  if (!env.AFN_ALERTS_URL) return []
  const { holds, fails } = checksOf('alert receiver')
  const place = placeOf(env, ['AFN_ALERTS_URL'], '')
  const health = await ask(`${place.url}/healthz`)
  if ('silent' in health) return [silence('alert receiver', 'reachable', place, health)]
  if (objectIn(health.body).status === undefined)
    return [stranger('alert receiver', 'reachable', place, `HTTP ${health.status}`)]
  return [
    health.status === 200
      ? holds('reachable', place.url)
      : fails('reachable', `${place.url} is unhealthy: no tickets or escalation until this is fixed; see its log`),
  ]
}

/** Whether an alert can reach anybody, as far as the file of this folder says whom. Its mistakes are those of the generated files. */
async function notifications(env: NodeJS.ProcessEnv, cwd: string): Promise<Check[]> {
  const notified = notifiedIn(cwd)
  if (!notified) return []
  const { channels, waiting, heartbeats } = notified
  const { holds, fails, skips } = checksOf('Alertmanager')
  const blocked = await blockedChannels(env, notified)
  return [
    ...(waiting.length > 0 ? [fails('channels', `notifications are not delivered: ${waiting.join('; ')}`)] : []),
    ...(blocked.length > 0
      ? [
          fails(
            'channels',
            `the receiver can't use ${blocked.join(', ')}; to find out why, run npx afn-otel alerts test --channel ${blocked[0]}`,
          ),
        ]
      : []),
    ...(waiting.length + blocked.length === 0 ? [holds('channels', channels.join(', '))] : []),
    heartbeats.length > 0
      ? holds('heartbeats', heartbeats.join(', '))
      : skips(
          'heartbeats',
          'no external service detects when alerting itself fails; add two to watchdog.heartbeats in alerts-config.yaml',
        ),
  ]
}

/** The receiver shows its metrics to whoever has its token. */
async function blockedChannels(env: NodeJS.ProcessEnv, { hasReceiver, token }: Notified): Promise<string[]> {
  if (!env.AFN_ALERTS_URL || !hasReceiver) return []
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const metrics = await ask(`${placeOf(env, ['AFN_ALERTS_URL'], '').url}/metrics`, { headers })
  const samples = 'silent' in metrics ? [] : (samplesIn(metrics.body).get('afn_alerts_blocked') ?? [])
  return samples.filter(({ value }) => value === 1).map(({ labels }) => labels.channel ?? '')
}
