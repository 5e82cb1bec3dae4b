// Finds and checks alerts-config.yaml for all commands of `afn-otel alerts`.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type CheckedAlerts, checkAlerts } from '../../monitoring/alerts/check'
import type { AlertsConfig } from '../../monitoring/alerts/config'
import { defaultAlerts } from '../../monitoring/alerts/defaults'
import { lineOf } from '../mistakes'

export const FILE = 'alerts-config.yaml'

export interface FoundAlerts extends Omit<CheckedAlerts, 'config'> {
  /** As the user named it. */
  readonly name: string
  /** The folder to which paths in the file are relative. */
  readonly folder: string
  /** Undefined if the file has errors. */
  readonly config: AlertsConfig | undefined
  /** Whether there is no file, so that the defaults apply. */
  readonly isDefault: boolean
}

/**
 * @param named the file that the user named; by default alerts-config.yaml in the working directory, if it exists
 * @throws Error if the named file can't be read
 */
export function findAlerts(named: string | undefined): FoundAlerts {
  const name = named ?? FILE
  const folder = path.dirname(path.resolve(name))
  if (named === undefined && !existsSync(name))
    return { name, folder, config: defaultAlerts(), isDefault: true, mistakes: [], notes: [], tools: [] }
  let text: string
  try {
    text = readFileSync(name, 'utf8')
  } catch (error) {
    throw new Error(`${name} can't be read: ${(error as Error).message}`)
  }
  return { name, folder, isDefault: false, ...checkAlerts(text, folder) }
}

/** Returns the configuration; if the file has errors, prints them to stderr and returns undefined. */
export function configIn(found: FoundAlerts): AlertsConfig | undefined {
  if (found.config) return found.config
  for (const mistake of found.mistakes) console.error(lineOf(found.name, mistake))
  return undefined
}
