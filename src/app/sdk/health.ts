// Starts the health endpoints that AFN_HEALTH asks for, and says how long a process that is to end goes on serving.

import type { PackageJson } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'
import { isMainThread } from '../main-thread'
import { slot } from '../runtime'
import type { Telemetry } from './telemetry'

/**
 * Once the app's first lines have run. Never throws.
 * @param started called then
 * @returns what closes them
 */
export function startHealth(
  settings: Settings,
  packageJson: PackageJson,
  { collect }: Telemetry,
  started = () => {},
): () => void {
  if (!settings.health || !isMainThread) return () => {}
  const scrape = collect && (async () => loadChunk('prometheus').exposition(await collect()))
  let close = () => {}
  const timer = setTimeout(() => {
    try {
      close = loadChunk('health').serveHealth({ settings, packageJson, scrape })
      started()
    } catch (error) {
      report('AFN175', `the health endpoints could not start (${reason(error)})`)
    }
  })
  timer.unref()
  return () => {
    clearTimeout(timer)
    close()
  }
}

export interface Leaving {
  /** How long the process goes on before the signal ends it, ms. */
  readonly waitMs: number
  /** The signal ended nothing. */
  stay(): void
}

/** A signal is going to end the process: from now on it is not ready. What serves goes on for a while, until no router sends more. */
export function leave({ health, healthDrain }: Settings, signal: 'SIGTERM' | 'SIGINT'): Leaving {
  const stay = slot().health?.drain() ?? (() => {})
  return { waitMs: health && signal === 'SIGTERM' && serves() ? healthDrain : 0, stay }
}

/** Whether the app listens somewhere. Servers of ours do not count, since they keep no process alive. */
export const serves = () => process.getActiveResourcesInfo().includes('TCPServerWrap')
