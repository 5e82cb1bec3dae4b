// Everything that `afn-otel doctor` looks at, at the same time.
import type { Resolved } from '../../shared/config/resolve'
import type { Status } from '../../shared/diag/status'
import { planOf } from '../deployment/plan'
import { type ProfileName, profiles } from '../deployment/profiles'
import { alertingChecks } from './alerting'
import { appChecks } from './app'
import { bundleChecks } from './bundle'
import { type Check, checksOf } from './check'
import { collectorChecks } from './collector'
import { deliveryChecks } from './deliveries'
import { generatedCheck } from './generated'
import { grafanaChecks } from './grafana'
import { langfuseChecks } from './langfuse'
import { lokiChecks } from './loki'
import { priceChecks } from './prices'
import { prometheusChecks } from './prometheus'
import { sloChecks } from './slos'
import { tempoChecks } from './tempo'
import { nameCheck } from './unread-variables'

export interface Subject {
  readonly status: Status
  readonly settings: Resolved['settings']
  readonly env: NodeJS.ProcessEnv
  /** The entry file of the app, where it is known. */
  readonly entry: string | undefined
  /** The folder of the app. */
  readonly cwd: string
  /** What stands under `pipeline` in the settings file. */
  readonly pipeline: unknown
  /** Of the Collector for which this package's configuration is. */
  readonly collectorVersion: string
  /** Names the key of the app's pseudonyms; undefined without one. */
  readonly keyId: string | undefined
}

/** Takes as long as the slowest part: seconds, even when nobody answers. */
export async function examine(subject: Subject): Promise<Check[]> {
  const { status, settings, env, entry, cwd, pipeline, collectorVersion, keyId } = subject
  const app = [
    ...appChecks(status, cwd),
    ...priceChecks(settings.prices, cwd),
    ...(await bundleChecks(entry)),
    ...(await deliveryChecks(status, settings)),
  ]
  let plans: ReturnType<typeof planOf>[]
  try {
    plans = (Object.keys(profiles) as ProfileName[]).map(name => planOf(name, pipeline))
  } catch (error) {
    // without a table there is nothing to compare the pipeline with
    return [...app, nameCheck(env), checksOf('settings').fails('pipeline', (error as Error).message)]
  }
  const [plan] = plans as [(typeof plans)[number]]
  const parts = await Promise.all([
    collectorChecks({ env, endpoint: status.traces?.endpoint, plans, version: collectorVersion, keyId }),
    tempoChecks(env, plan),
    lokiChecks(env, plan),
    prometheusChecks(env, plans),
    alertingChecks(env, cwd),
    sloChecks(settings, cwd, env),
    grafanaChecks(env),
    langfuseChecks(settings),
  ])
  return [...app, nameCheck(env), generatedCheck(cwd, pipeline, settings), ...parts.flat()]
}
