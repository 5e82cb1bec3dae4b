// The file with the user's own boards.

import type { Account } from '../../monitoring/dashboards/budgets'
import type { OwnBoard } from '../../monitoring/dashboards/own/file'
import { readOwnBoards } from '../../monitoring/dashboards/own/read'
import { readCloudflareConfig } from '../../operations/cloudflare/config'
import { readCosts } from '../../operations/cost/config'
import { lineOf } from '../mistakes'
import { findMonitoringConfig } from '../monitoring-config'

export interface ReadBoards {
  /** None where there is a mistake. */
  readonly boards: readonly OwnBoard[]
  /** Undefined without budgets, and where there is a mistake. */
  readonly account: Account | undefined
  /** Whether the file has what a zone of Cloudflare's wants. */
  readonly hasCloudflare: boolean
  /** Each with its place, by their places. */
  readonly mistakes: readonly string[]
}

/** @param named without it there may be no file @throws Error when a file that is named can't be read */
export function readBoards(named?: string): ReadBoards {
  const found = findMonitoringConfig(named, 'name a file that can')
  if (!found) return { boards: [], account: undefined, hasCloudflare: false, mistakes: [] }
  const [{ boards, mistakes }, costs] = [readOwnBoards(found.text), readCosts(found.text)]
  const cloudflare = readCloudflareConfig(found.text)
  const lines = [...mistakes, ...costs.mistakes, ...cloudflare.mistakes]
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(mistake => lineOf(found.name, mistake))
  const account = costs.config?.budgets.length ? costs.config : undefined
  return { boards, account, hasCloudflare: cloudflare.config !== undefined, mistakes: [...new Set(lines)] }
}
