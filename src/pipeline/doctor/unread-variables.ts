// Variables of the environment that look like a setting and that nobody reads.
import { notHonoured, passedOn } from '../../shared/config/otel-variables'
import { settings } from '../../shared/config/settings'
import { variableNames } from '../deployment/environment'
import { type Check, checksOf } from './check'
import { isNear } from './similar-names'

/** Read by commands and by compose.yaml alone; a test keeps the list whole. */
const ofCommands = [
  'AFN_ALERTMANAGER_URL',
  'AFN_ALERTS_URL',
  'AFN_CACHE_DIR',
  'AFN_COLLECTOR_DOWNLOAD_URL',
  'AFN_COLLECTOR_LOG_DIR',
  'AFN_CONFIG',
  'AFN_COST_DATABASE',
  'AFN_COST_DATABASE_TOKEN',
  'AFN_DATA_DIR',
  'AFN_DEMO_TARBALL',
  'AFN_FILES_DIR',
  'AFN_GRAFANA',
  'AFN_JOBS_URL',
  'AFN_JOB_INTERVAL',
  'AFN_LOCAL_TOKEN',
  'AFN_LOCAL_URL',
  'AFN_LOKI_TENANT',
  'AFN_LOKI_URL',
  'AFN_PROMETHEUS',
  'AFN_PROMETHEUS_ADMIN',
  'AFN_PROMETHEUS_LOW',
  'AFN_PROMETHEUS_MEDIUM',
  'AFN_PROMETHEUS_URL',
  'AFN_REPLAY',
  'AFN_TEMPO_GRPC_URL',
  'AFN_TEMPO_OTLP_URL',
  'AFN_TEMPO_URL',
  'AFN_VENDOR_HEADERS',
  'AFN_VENDOR_OTLP',
  'AFN_VENDOR_SIGNALS',
]

const known: readonly string[] = [
  ...Object.values(settings).flatMap(({ env }) => env),
  ...variableNames,
  ...ofCommands,
  ...Object.keys(passedOn),
  ...Object.keys(notHonoured),
]

/** A name that is nearly one of ours is a slip. Any other may be somebody else's, such as `OTEL_PYTHON_*`. */
export function nameCheck(env: NodeJS.ProcessEnv): Check {
  const { holds, fails } = checksOf('settings')
  const unknown = Object.keys(env).filter(name => /^(?:AFN|OTEL)_/.test(name) && !known.includes(name))
  const slips = unknown.flatMap(name => {
    const meant = known.find(other => isNear(name, other))
    return meant ? `unknown variable ${name}: did you mean ${meant}?` : []
  })
  if (slips.length > 0) return fails('names', slips.join(' '))
  return holds('names', unknown.length === 0 ? 'all known' : `unknown, and ignored: ${unknown.sort().join(', ')}`)
}
