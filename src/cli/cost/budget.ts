// `afn-otel cost budget`: where each budget stands.
import { parseArgs } from 'node:util'
import { money } from '../../cost/money'
import { type Standing, standingOf } from '../../cost/standing'
import { brokenTracking } from '../../cost/tracking'
import { table } from '../../queries/table'
import { helpOption, print } from '../help'
import { answering } from '../local/backend'
import { json } from '../terminal'
import { configHelp, configOption, costConfig } from './configuration'
import { dimensionsOf, sourceHelp, sourceOptions, sourcesOf } from './sources'

const options = {
  json: { type: 'boolean', default: false },
  ...configOption,
  ...sourceOptions,
  ...helpOption,
} as const

const help = `Usage: afn-otel cost budget [OPTIONS]

Where each budget stands: what is spent of it, which thresholds are passed, and what the period is going to cost. A forecast is made
from a tenth of the period and 30 calls on; its interval holds with a probability of 80 %.

${configHelp}
${sourceHelp}
--json            a line of JSON for each budget

Exit codes: 0 answered; 1 a backend is not there or refuses, or the file has mistakes; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export async function budget(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  if (values.help) return print(help)
  const config = costConfig(values.config)
  if (!config) return 1
  if (config.budgets.length === 0)
    throw new Error('there is no budget; write one into budget_config of monitoring-config.json')
  const sources = sourcesOf(values, config)
  return answering('cost budget', async () => {
    const standings: Standing[] = []
    for (const one of config.budgets) {
      const source = await sources.knowing(dimensionsOf(one.scope))
      standings.push(await standingOf(one, config, source, Date.now()))
    }
    if (values.json) for (const standing of standings) console.log(json(standing))
    else print(shown(standings, config.currency).join('\n'))
    const now = Date.now()
    const source = await sources.knowing(['service'])
    const [lastDay] = await source.spend([{ start: now - 86_400_000, end: now }], ['service'])
    for (const { service, why } of brokenTracking(lastDay!, now, config.priceTableMaxAge))
      console.error(`note: sums are too low${service ? ` for ${service}` : ''}: ${why}`)
  })
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
      ? `${short(forecast.expected)} (${short(forecast.interval.low)} to ${short(forecast.interval.high)})${willExceed ? ', too much' : ''}`
      : 'too early',
  ]
  return [
    ...table(['BUDGET', 'PERIOD', 'SPENT', 'OF', 'SHARE', 'AT THE END'], standings.map(cells)),
    ...standings.flatMap(({ budget, unknownBefore, calls, unpriced }) => [
      ...(unknownBefore === undefined
        ? []
        : [
            `note: ${budget.name}: what was spent before ${new Date(unknownBefore).toISOString()} is not kept any more`,
          ]),
      ...(calls + unpriced === 0
        ? [`note: ${budget.name}: no call fits its scope in this period; is a name misspelt?`]
        : []),
    ]),
  ]
}
