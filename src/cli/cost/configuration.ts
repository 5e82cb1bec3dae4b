// The file of budgets that a command of cost is about.

import { type CostConfig, defaultCosts, readCosts } from '../../operations/cost/config'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { lineOf } from '../mistakes'
import { findMonitoringConfig } from '../monitoring-config'
import type { Options } from '../options'

export const configOption = {
  config: {
    type: 'string',
    argument: 'FILE',
    help: 'file with budgets, time zone and currency, in section budget_config',
    otherwise: `${MONITORING_FILE} in the working directory; without it: UTC, USD, no budgets`,
  },
} as const satisfies Options

/**
 * Mistakes go to stderr, each with its place.
 * @returns undefined where there are any
 * @throws Error when a file that is named can't be read
 */
export function costConfig(named: string | undefined): CostConfig | undefined {
  const found = findMonitoringConfig(named, 'correct --config')
  if (!found) return defaultCosts
  const { config, mistakes } = readCosts(found.text)
  for (const mistake of mistakes) console.error(lineOf(found.name, mistake))
  return config
}
