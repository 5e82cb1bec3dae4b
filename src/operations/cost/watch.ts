/** A round of the budget watch: computes each budget, raises new alerts, and sends current ones. */
import { postAlerts } from '../../monitoring/alerts/api'
import { type Period, periodAt } from '../../shared/calendar/period'
import { dateAt } from '../../shared/calendar/time-zone'
import type { Backend } from '../../shared/queries/http'
import { type AlertOptions, budgetAlerts, type CostAlert, retirementAlert, trackingAlert } from './alerts'
import type { Budget, CostConfig } from './config'
import type { RaisedAlerts } from './raised'
import { retirementsBy } from './retirement/lookup'
import { type InUse, noticesOf, retiringIn } from './retirement/notices'
import type { SpendSource } from './spend'
import { type Standing, standingOf } from './standing'
import { brokenTracking } from './tracking'

export interface Watch {
  readonly config: CostConfig
  /** Returns a source with the budget's dimensions; for undefined, one with services, teams and environments. */
  readonly sourceOf: (budget: Budget | undefined) => Promise<SpendSource>
  readonly raised: RaisedAlerts
  /** All of them receive every alert, as with Prometheus and a cluster. */
  readonly alertmanagers: readonly Backend[]
  readonly said: AlertOptions
}

export interface Round {
  /** For current periods. */
  readonly standings: readonly Standing[]
  /** Recently called models that their providers will retire. */
  readonly retiring: readonly InUse[]
  /** A budget that fails does not affect the others. */
  readonly failures: readonly Error[]
  /** The number of alerts sent. */
  readonly sent: number
}

const DAY_MS = 86_400_000

/** How long after its end a period is still computed, to include its last minute and late data. */
const LATE_MS = 3 * DAY_MS

/** @param now milliseconds since 1970: the time for which budgets are computed */
export async function round(watch: Watch, now = Date.now()): Promise<Round> {
  const { config, sourceOf, raised, said } = watch
  const alerts: CostAlert[] = []
  const standings: Standing[] = []
  const failures: Error[] = []
  let retiring: InUse[] = []
  const trying = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      failures.push(error as Error)
    }
  }
  const watchedSince = await raised.watch(
    config.budgets.map(({ name }) => name),
    now,
  )
  for (const budget of config.budgets)
    await trying(async () => {
      const source = await sourceOf(budget)
      const since = watchedSince.get(budget.name) ?? now
      for (const period of periodsOf(budget, now, config.timeZone)) {
        // periods that ended before the budget existed are not reported
        if (period.end <= since) continue
        const standing = await standingOf(budget, config, source, now, period)
        if (period.end > now) standings.push(standing)
        alerts.push(...budgetAlerts(standing, config, said))
      }
    })
  // without budgets, broken tracking matters to nobody
  if (config.budgets.length > 0)
    await trying(async () => {
      const source = await sourceOf(undefined)
      const [lastDay] = await source.spend([{ start: now - DAY_MS, end: now }], ['service', 'team', 'environment'])
      const broken = brokenTracking(lastDay!, now, config.priceTableMaxAge)
      alerts.push(...broken.map(one => trackingAlert(one, dateAt(now, config.timeZone), said)))
    })
  if (config.budgets.length > 0 && config.retirementNotice.length > 0)
    await trying(async () => {
      retiring = await modelsRetiring(config, await sourceOf(undefined), now)
      alerts.push(...noticesOf(retiring, config.retirementNotice).map(one => retirementAlert(one, said)))
    })
  await raised.raise(alerts, Date.now())
  const { sent, refused } = await send(watch)
  return { standings, retiring, failures: [...failures, ...refused], sent }
}

/** For the last day: a model that is no longer called may retire unnoticed. @throws BackendError */
async function modelsRetiring(config: CostConfig, source: SpendSource, now: number): Promise<InUse[]> {
  const [lastDay] = await source.spend([{ start: now - DAY_MS, end: now }], ['service', 'provider', 'model'])
  return retiringIn(lastDay!, retirementsBy(config), now)
}

function periodsOf({ period: kind }: Budget, now: number, timeZone: string): Period[] {
  const present = periodAt(kind, now, timeZone)
  const periods = [present]
  for (let end = present.start; now - end < LATE_MS; end = periods[0]!.start)
    periods.unshift(periodAt(kind, end - 1, timeZone))
  return periods
}

/** @returns the errors of Alertmanagers that did not accept the alerts */
async function send({ raised, alertmanagers }: Watch): Promise<{ sent: number; refused: Error[] }> {
  const lasting = await raised.lasting(Date.now())
  if (lasting.length === 0) return { sent: 0, refused: [] }
  const posts = lasting.map(({ alert, startsAt, endsAt }) => ({
    ...alert,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  }))
  const results = await Promise.allSettled(alertmanagers.map(one => postAlerts(one, posts)))
  // within a cluster, Alertmanagers forward alerts to each other
  if (results.some(({ status }) => status === 'fulfilled')) await raised.delivered(lasting, Date.now())
  return {
    sent: lasting.length,
    refused: results.flatMap(result => (result.status === 'rejected' ? [result.reason as Error] : [])),
  }
}
