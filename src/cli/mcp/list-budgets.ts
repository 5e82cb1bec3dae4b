// `list-budgets`: where each budget of monitoring-config.json stands, as `afn-otel cost budget` says it.

import { numberOf, offsetArgument, string, type Tool, ToolError, textOf } from '../../backend/mcp/tool'
import { isoOf } from '../../backend/mcp/window'
import { type CostConfig, readCosts } from '../../operations/cost/config'
import { type Standing, standingOf } from '../../operations/cost/standing'
import { dimensionsOf, sourcesOf } from '../cost/sources'
import { lineOf } from '../mistakes'
import { findMonitoringConfig } from '../monitoring-config'

/** @param file that the user named; else monitoring-config.json in the working directory */
export const listBudgets = (file: string | undefined): Tool => ({
  name: 'list-budgets',
  title: 'List budgets',
  description: `Lists the budgets of LLM spend: amount, spent so far in the period, thresholds that are passed, and the forecast for the end of the period
with its 80 % interval. will_exceed is true where even the low end of the forecast is above the amount. spent is a lower bound where
unpriced is above 0.`,
  input: {
    type: 'object',
    properties: { name: string('Only the budget of this name.'), offset: offsetArgument },
  },
  async run(args, { backend, now }) {
    const config = configIn(file)
    const name = textOf(args, 'name')
    const budgets = config.budgets.filter(budget => name === undefined || budget.name === name)
    if (budgets.length === 0) throw new ToolError(noneOf(name, config))
    const sources = sourcesOf({}, config, backend)
    const standings: Standing[] = []
    for (const budget of budgets)
      standings.push(
        await standingOf(budget, config, await sources.knowing(dimensionsOf(budget.scope)), now().getTime()),
      )
    const offset = numberOf(args, 'offset', 0)
    return {
      facts: { currency: config.currency, time_zone: config.timeZone },
      list: { name: 'budgets', items: standings.slice(offset).map(budgetOf), offset, total: standings.length },
    }
  },
})

function configIn(file: string | undefined): CostConfig {
  const found = findMonitoringConfig(file, 'correct --config')
  if (!found) throw new ToolError('No budget is defined: there is no monitoring-config.json in the working directory.')
  const { config, mistakes } = readCosts(found.text)
  if (config) return config
  throw new ToolError(mistakes.map(mistake => lineOf(found.name, mistake)).join('\n'))
}

function noneOf(name: string | undefined, { budgets }: CostConfig): string {
  if (budgets.length === 0) return 'No budget is defined: add one to budget_config in monitoring-config.json.'
  return `No budget is called "${name}"; there are ${budgets.map(budget => budget.name).join(', ')}.`
}

const budgetOf = ({ budget, period, forecast, unknownBefore, ...standing }: Standing) => ({
  name: budget.name,
  scope: budget.scope,
  period: period.id,
  period_end: isoOf(period.end),
  amount: budget.amount,
  spent: standing.spent,
  percent: standing.percent,
  thresholds_passed: standing.passed,
  calls: standing.calls,
  unpriced: standing.unpriced,
  forecast: forecast ?? 'too early',
  will_exceed: standing.willExceed,
  ...(unknownBefore !== undefined && { unknown_before: isoOf(unknownBefore) }),
})
