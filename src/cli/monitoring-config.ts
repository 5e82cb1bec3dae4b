// monitoring-config.json, as the commands about costs and about boards find it.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { MONITORING_FILE } from '../shared/config/monitoring-config'

export interface FoundConfig {
  /** Relative to the working directory. */
  readonly name: string
  readonly text: string
}

/**
 * @param named what the user named; without it there may be no file
 * @returns undefined where there is none
 * @throws Error when the file can't be read, with the remedy behind the reason
 */
export function findMonitoringConfig(named: string | undefined, remedy: string): FoundConfig | undefined {
  const file = named ?? MONITORING_FILE
  if (named === undefined && !existsSync(file)) return undefined
  return { name: path.relative('', file) || file, text: textOf(file, remedy) }
}

function textOf(file: string, remedy: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code}); ${remedy}`)
  }
}
