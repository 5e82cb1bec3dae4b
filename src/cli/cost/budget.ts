// `afn-otel cost budget`: the state of each budget, and alerts when a threshold is exceeded.
import { parseArgs } from 'node:util'
import { alertmanagerAt } from '../../monitoring/alerts/api'
import type { Language } from '../../monitoring/alerts/config'
import { type Database, openDatabase } from '../../operations/alert-receiver/database'
import type { Budget, CostConfig } from '../../operations/cost/config'
import { gaugesOf } from '../../operations/cost/gauges'
import { money } from '../../operations/cost/money'
import { RaisedAlerts } from '../../operations/cost/raised'
import { retirementGauges } from '../../operations/cost/retirement/notices'
import { type SpendSource, whyUnpriced } from '../../operations/cost/spend'
import { keeping } from '../../operations/cost/spend-archive'
import { type Standing, standingOf } from '../../operations/cost/standing'
import { brokenTracking } from '../../operations/cost/tracking'
import { round } from '../../operations/cost/watch'
import { planOf } from '../../pipeline/deployment/plan'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { type Backend, httpUrl } from '../../shared/queries/http'
import { table } from '../../shared/queries/table'
import { answering } from '../backends'
import { costDatabase } from '../cost-database'
import { everyOption, inRounds } from '../every-option'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { pipelineSettings } from '../pipeline-settings'
import { pushGauges, successHelp, tellSuccess } from '../push-gauges'
import { json, plainText } from '../terminal'
import { configOption, costConfig } from './configuration'
import { dimensionsOf, sourceOptions, sourcesOf } from './sources'

export const options = {
  ...everyOption(
    '1m',
    `; each run reads the budgets again, and there may be none. ${successHelp}; without an Alertmanager it does not. It also sends the limit and the spend of each budget as metrics, for the dashboard`,
  ),
  alertmanager: {
    type: 'string',
    multiple: true,
    argument: 'URL',
    help: 'Alertmanager to raise alerts in; repeat for each member of a cluster',
    otherwise: 'with --every: AFN_ALERTMANAGER_URL; without one, raises no alerts',
  },
  language: {
    type: 'string',
    default: 'en',
    argument: 'en|ja',
    help: 'language of alerts; a generated folder uses that of alerts-config.yaml',
  },
  database: {
    type: 'string',
    argument: 'URL',
    help: 'stores raised alerts and the cost of each day, which outlives the traces: an SQLite file, or libsql://HOST for processes on several machines, with the token AFN_COST_DATABASE_TOKEN',
    otherwise: 'AFN_COST_DATABASE, else cost.db in AFN_CACHE_DIR or ~/.cache/afn-otel',
  },
  ...configOption,
  ...sourceOptions,
  json: { type: 'boolean', default: false, help: 'prints one JSON line per budget' },
} as const satisfies Options

/** The job name of the budget watch in AfnJobStale. */
const JOB = 'cost-budget'

type Values = ReturnType<typeof read>
const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption } }).values

const help = `Usage: afn-otel cost budget [--every 1m] [--alertmanager URL] [OPTIONS]

Shows the state of each budget: the amount spent, the thresholds exceeded, and the forecast for the period. A forecast requires a tenth
of the period and 30 calls; its interval has a probability of 80 %.

With --alertmanager, raises alerts: AfnBudgetThreshold for each threshold, AfnBudgetForecast, AfnCostTrackingBroken if prices are
missing or outdated, and AfnModelRetirement before a provider ends a model in use. Each alert is raised once per period, even if several processes share the same --database or one of them is killed.

${optionLines(options)}

Exit codes: 0 success; 1 a backend is unreachable or rejects the request, or the file has errors; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function budget(args: string[]): Promise<number> {
  const values = read(args)
  if (values.help) return print(help)
  const language = languageOf(values)
  // a one-time look has no alert state in its database and would raise again what the watch has raised
  const usual = values.every === undefined ? undefined : process.env.AFN_ALERTMANAGER_URL
  const alertmanagers = (values.alertmanager ?? (usual ? [usual] : [])).map(url =>
    alertmanagerAt(httpUrl(url, 'correct --alertmanager')),
  )
  if (alertmanagers.length === 0) return inRounds(values.every, goingOn(look(values)))
  const { AFN_COST_DATABASE: place, AFN_COST_DATABASE_TOKEN: token } = process.env
  const url = values.database ?? (place || costDatabase())
  const database = await openDatabase({ url, token: token || undefined })
  try {
    return await inRounds(
      values.every,
      goingOn(raise(values, language, alertmanagers, database, await RaisedAlerts.in(database))),
    )
  } finally {
    database.close()
  }
}

function languageOf({ language }: Values): Language {
  if (language !== 'en' && language !== 'ja') throw new Error(`--language takes en or ja, not "${language}"`)
  return language
}

/** An error in the first round ends the command. A later one is only reported, so that an edit of the file does not stop the watch. */
function goingOn(round: () => Promise<number>): () => Promise<number> {
  let isFirst = true
  return async () => {
    try {
      const code = await round()
      isFirst = false
      return code
    } catch (error) {
      if (isFirst) throw error
      console.error(plainText(`afn-otel cost budget: ${(error as Error).message}`))
      return 1
    }
  }
}

interface Plan {
  readonly config: CostConfig
  readonly sourceOf: (budget: Budget | undefined) => Promise<SpendSource>
}

/**
 * Reads the plan; while the file has errors, the last valid plan applies. @param raises whether alerts are raised, for the choice of source
 */
function plans(values: Values, raises: boolean): () => Plan | undefined {
  let plan: Plan | undefined
  let before = ''
  return () => {
    const config = costConfig(values.config)
    if (!config) return plan
    const none = `no budget defined; add one to budget_config in ${MONITORING_FILE}`
    if (config.budgets.length === 0 && values.every === undefined && !raises) throw new Error(none)
    const said = JSON.stringify(config)
    if (said !== before) {
      if (config.budgets.length === 0 && values.every !== undefined)
        console.error(`afn-otel cost budget: ${none}, which is read again in each round`)
      const sources = sourcesOf(values, config)
      plan = {
        config,
        sourceOf: budget => sources.knowing(budget ? dimensionsOf(budget.scope) : ['service', 'team', 'environment']),
      }
      before = said
    }
    return plan
  }
}

/** A round that shows and raises nothing. */
function look(values: Values): () => Promise<number> {
  const planned = plans(values, false)
  return () => {
    const plan = planned()
    if (!plan) return Promise.resolve(1)
    const { config, sourceOf } = plan
    return answering('cost budget', async () => {
      const now = Date.now()
      const standings: Standing[] = []
      for (const one of config.budgets) standings.push(await standingOf(one, config, await sourceOf(one), now))
      say(standings, values, config)
      // who looks once has files of its own, perhaps
      if (values.every !== undefined) await pushGauges(gaugesOf(standings, config.currency))
      if (standings.length === 0) return 0
      const [lastDay] = await (await sourceOf(undefined)).spend([{ start: now - 86_400_000, end: now }], ['service'])
      for (const { service, why } of brokenTracking(lastDay!, now, config.priceTableMaxAge))
        console.error(plainText(`note: totals are too low${service ? ` for ${service}` : ''}: ${why.en}`))
      return 0
    })
  }
}

function raise(
  values: Values,
  language: Language,
  alertmanagers: readonly Backend[],
  database: Database,
  raised: RaisedAlerts,
): () => Promise<number> {
  const kept = new Map<SpendSource, Promise<SpendSource>>()
  const keepingOf = (source: SpendSource): Promise<SpendSource> => {
    const known =
      kept.get(source) ??
      keeping(source, database).catch(error => {
        // the next round tries again
        kept.delete(source)
        throw error
      })
    kept.set(source, known)
    return known
  }
  const planned = plans(values, true)
  const said = { receiver: planOf('single', pipelineSettings()).urls.receiver, language }
  return async () => {
    const plan = planned()
    if (!plan) return 1
    const sourceOf = async (budget: Budget | undefined) => keepingOf(await plan.sourceOf(budget))
    const done = await round({ ...plan, sourceOf, raised, alertmanagers, said })
    for (const { message } of done.failures) console.error(plainText(`afn-otel cost budget: ${message}`))
    say(done.standings, values, plan.config)
    await pushGauges([...gaugesOf(done.standings, plan.config.currency), ...retirementGauges(done.retiring)])
    if (done.failures.length > 0) return 1
    await tellSuccess(JOB, values.every)
    return 0
  }
}

function say(standings: readonly Standing[], { json: asJson }: Values, { currency }: CostConfig): void {
  if (asJson) for (const standing of standings) console.log(json(standing))
  else if (standings.length > 0) print(shown(standings, currency).join('\n'))
}

function shown(standings: readonly Standing[], currency: string): string[] {
  const short = (value: number) => money(value, currency)
  const cells = ({ budget, period, spent, percent, unpriced, forecast, willExceed }: Standing) => [
    budget.name,
    period.id,
    `${unpriced > 0 ? '>= ' : ''}${short(spent)}`,
    short(budget.amount),
    `${percent.toFixed(1)} %`,
    forecast
      ? `${short(forecast.expected)} (${short(forecast.interval.low)} to ${short(forecast.interval.high)})${willExceed ? ', over budget' : ''}`
      : 'too early',
  ]
  return [
    ...table(['BUDGET', 'PERIOD', 'SPENT', 'OF', 'SHARE', 'AT THE END'], standings.map(cells)),
    ...standings.flatMap(({ budget, unknownBefore, calls, unpriced, noUsage }) => [
      ...(unknownBefore === undefined
        ? []
        : [`note: ${budget.name}: cost before ${new Date(unknownBefore).toISOString()} is no longer available`]),
      ...(unpriced > 0
        ? [
            `note: ${budget.name}: ${unpriced} of ${calls + unpriced} calls are unpriced (${whyUnpriced({ unpriced, noUsage })})`,
          ]
        : []),
      ...(calls + unpriced === 0
        ? [`note: ${budget.name}: no call matches its scope in this period; is a name misspelled?`]
        : []),
    ]),
  ]
}
