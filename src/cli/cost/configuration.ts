// The file of budgets that a command of cost is about.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type CostConfig, defaultCosts, readCosts } from '../../cost/config'
import { plainText } from '../terminal'

export const configOption = { config: { type: 'string' } } as const

export const configHelp = `--config FILE     budgets, time zone and currency: section budget_config of FILE [monitoring-config.json in the
                  working directory; without it UTC, USD and no budget]`

const usual = 'monitoring-config.json'

/**
 * Mistakes go to stderr, each with its place.
 * @returns undefined where there are any
 * @throws Error when a file that is named can't be read
 */
export function costConfig(named: string | undefined): CostConfig | undefined {
  const file = named ?? usual
  if (named === undefined && !existsSync(file)) return defaultCosts
  const { config, mistakes } = readCosts(textOf(file))
  for (const { line, column, message } of mistakes)
    console.error(plainText(`${path.relative('', file) || file}:${line}:${column} ${message}`))
  return config
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code}); correct --config`)
  }
}
