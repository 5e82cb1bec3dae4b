/** A round of the watch over budgets: look at each, raise what is new, and send what lasts. */
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
  /** The source that knows the dimensions of the budget; for undefined the one that knows services, teams and environments. */
  readonly sourceOf: (budget: Budget | undefined) => Promise<SpendSource>
  readonly raised: RaisedAlerts
  /** Each one of them gets every alert, as Prometheus does it with a cluster. */
  readonly alertmanagers: readonly Backend[]
  readonly said: AlertOptions
}

export interface Round {
  /** Of the periods that go on. */
  readonly standings: readonly Standing[]
  /** Models that were called of late, and that their providers end. */
  readonly retiring: readonly InUse[]
  /** A budget that can't be looked at does not keep the others from being looked at. */
  readonly failures: readonly Error[]
  /** How many alerts were sent. */
  readonly sent: number
}

const DAY_MS = 86_400_000

/** For so long after its end a period is looked at still: what was spent in its last minute, and what came late. */
const LATE_MS = 3 * DAY_MS

/** @param now milliseconds since 1970: the time as which budgets are looked at */
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
        // what was over before there was a budget is nobody's news
        if (period.end <= since) continue
        const standing = await standingOf(budget, config, source, now, period)
        if (period.end > now) standings.push(standing)
        alerts.push(...budgetAlerts(standing, config, said))
      }
    })
  // where nobody has set a budget, nobody waits for a sum
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

/** Of the last day: what nobody calls any more may end. @throws BackendError */
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

/** @returns why it was not sent everywhere */
async function send({ raised, alertmanagers }: Watch): Promise<{ sent: number; refused: Error[] }> {
  const lasting = await raised.lasting(Date.now())
  if (lasting.length === 0) return { sent: 0, refused: [] }
  const posts = lasting.map(({ alert, startsAt, endsAt }) => ({
    ...alert,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  }))
  const results = await Promise.allSettled(alertmanagers.map(one => postAlerts(one, posts)))
  // an Alertmanager that has it passes it on to the others of its cluster
  if (results.some(({ status }) => status === 'fulfilled')) await raised.delivered(lasting, Date.now())
  return {
    sent: lasting.length,
    refused: results.flatMap(result => (result.status === 'rejected' ? [result.reason as Error] : [])),
  }
}
