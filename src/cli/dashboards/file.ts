// The file with the user's own boards.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { OwnBoard } from '../../dashboards/own/file'
import { readOwnBoards } from '../../dashboards/own/read'
import { plainText } from '../terminal'

/** In the working directory. */
export const usualFile = 'monitoring-config.json'

export interface ReadBoards {
  /** None where there is a mistake. */
  readonly boards: readonly OwnBoard[]
  /** Each with its place, by their places. */
  readonly mistakes: readonly string[]
}

/** @param named without it there may be no file @throws Error when a file that is named can't be read */
export function readBoards(named?: string): ReadBoards {
  const file = named ?? usualFile
  if (named === undefined && !existsSync(file)) return { boards: [], mistakes: [] }
  const { boards, mistakes } = readOwnBoards(textOf(file))
  const name = path.relative('', file) || file
  return {
    boards,
    mistakes: mistakes.map(({ line, column, message }) => plainText(`${name}:${line}:${column} ${message}`)),
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code}); name a file that can`)
  }
}
