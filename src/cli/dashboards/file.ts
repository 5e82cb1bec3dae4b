// The file with the user's own boards.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type CostConfig, defaultCosts, readCosts } from '../../cost/config'
import type { Account } from '../../dashboards/budgets'
import type { OwnBoard } from '../../dashboards/own/file'
import { readOwnBoards } from '../../dashboards/own/read'
import { plainText } from '../terminal'

/** In the working directory. */
export const usualFile = 'monitoring-config.json'

export interface ReadBoards {
  /** None where there is a mistake. */
  readonly boards: readonly OwnBoard[]
  /** Without budgets where there is a mistake. */
  readonly account: Account
  /** Each with its place, by their places. */
  readonly mistakes: readonly string[]
}

/** @param named without it there may be no file @throws Error when a file that is named can't be read */
export function readBoards(named?: string): ReadBoards {
  const file = named ?? usualFile
  if (named === undefined && !existsSync(file)) return { boards: [], account: accountOf(defaultCosts), mistakes: [] }
  const text = textOf(file)
  const [{ boards, mistakes }, costs] = [readOwnBoards(text), readCosts(text)]
  const name = path.relative('', file) || file
  const said = [...mistakes, ...costs.mistakes]
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message }) => plainText(`${name}:${line}:${column} ${message}`))
  return { boards, account: accountOf(costs.config ?? defaultCosts), mistakes: [...new Set(said)] }
}

/** Boards show what was spent at the rate of today. */
const accountOf = ({ rates, ...account }: CostConfig): Account => ({ ...account, perUsd: rates.at(-1)?.perUsd ?? 1 })

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code}); name a file that can`)
  }
}
