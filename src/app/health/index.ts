/**
 * `@afn/otel/health`: the health endpoints of an app, in its own server. `AFN_HEALTH=on` serves the same checks on a port of their
 * own, without a line of code.
 */
import { describeEntry, workingDirectory } from '../../shared/config/entry'
import { reason, report } from '../../shared/diag/report'
import { version } from '../../shared/version'
import { loadSettings, reportProblems } from '../load-settings'
import { slot } from '../runtime'
import { addCheck, type CheckOptions } from './define'
import { discover } from './discover-node'
import { createHandler, type HealthHandler } from './handler'
import { createAnswers, pathOf } from './probe-answers'
import { markProbes } from './probe-paths'
import { discoveredHealth, processHealth } from './process'
import { serviceOf } from './service'

export type { Reading, Status } from './check'
export type { CheckOptions, CheckResult } from './define'
export type { HealthHandler } from './handler'

export interface HealthHandlerOptions {
  /** As clients ask for it, whatever router the handler is mounted in. Default `/health`. */
  path?: string
}

const onProblem = (problem: string) => report('AFN176', problem)

/**
 * Answers `/health`, `/health/live` and `/health/ready` with `application/health+json`. The settings are those of
 * `AFN_HEALTH_*`; the checks are what the environment names, and what `defineCheck()` adds. It may be called several times: all
 * handlers and the port of `AFN_HEALTH` share the same checks.
 * @returns see HealthHandler; nothing of it throws or rejects
 * @example
 * app.use(healthHandler()) // Express, Connect
 * @example
 * app.register(healthHandler().fastify)
 * @example
 * export const { fetch: GET, fetch: HEAD } = healthHandler({ path: '/api/health' }) // Next.js
 */
export function healthHandler({ path: mounted = '/health' }: HealthHandlerOptions = {}): HealthHandler {
  const path = pathOf(mounted)
  const cwd = workingDirectory()
  const resolved = loadSettings(cwd)
  const { settings } = resolved
  // the preload, where there is one, has said them
  if (!slot().runtime) reportProblems(resolved)
  const health = discoveredHealth({
    isolated: false,
    version,
    onProblem,
    discover: (calls, health) => discover(settings, process.env, calls, check => health.add(check), onProblem),
  })
  markProbes(path)
  const answers = createAnswers({
    health,
    path,
    token: settings.healthToken,
    service: serviceOf(settings, describeEntry(cwd).packageJson),
    onFailure: error => report('AFN175', `a probe could not be answered with the checks (${reason(error)})`),
  })
  return createHandler(answers, path, () => health.drain())
}

/**
 * Adds a check of your own to what the health endpoints of this process answer.
 *
 * It runs at most once a period, however many probes come, and only when one comes or metrics are collected. Nothing that it
 * throws reaches the app, and what it does makes no spans.
 * @param options a check that cannot be used is said once on stderr (AFN176), and left out
 * @returns takes the check away again
 * @example
 * defineCheck({ name: 'orders', required: true, check: () => pool.query('SELECT 1').then(() => true) })
 */
export function defineCheck(options: CheckOptions): () => void {
  return addCheck(() => processHealth({ isolated: false, version, onProblem }), options, onProblem)
}
