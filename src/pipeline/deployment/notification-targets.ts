// Whom the alerts-config.yaml of a folder notifies, and where nothing can arrive yet.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkAlerts } from '../../monitoring/alerts/check'
import { STILL_PLACEHOLDER } from '../../monitoring/alerts/secret-files'
import { ALERTS_FILE } from './alerting'

export interface Notified {
  readonly channels: readonly string[]
  /** Secrets that nobody has written yet: FILE:LINE:COLUMN and a sentence. */
  readonly waiting: readonly string[]
  readonly heartbeats: readonly string[]
  readonly hasReceiver: boolean
  /** What the receiver asks for; undefined where it asks for none, or the file can't be read here. */
  readonly token: string | undefined
}

/** Undefined where there is no such file, or one with a mistake. */
export function notifiedIn(folder: string): Notified | undefined {
  const file = path.join(folder, ALERTS_FILE)
  if (!existsSync(file)) return undefined
  const { config, notes } = checkAlerts(readFileSync(file, 'utf8'), folder)
  if (!config) return undefined
  const { channels, heartbeats, receiver } = config
  return {
    channels: Object.keys(channels),
    waiting: notes
      .filter(({ message }) => message.includes(STILL_PLACEHOLDER))
      .map(({ line, column, message }) => `${ALERTS_FILE}:${line}:${column} ${message}`),
    heartbeats: heartbeats.map(({ name }) => name),
    hasReceiver: receiver !== undefined,
    token: tokenIn(receiver?.tokenFile && path.resolve(folder, receiver.tokenFile)),
  }
}

function tokenIn(file: string | undefined): string | undefined {
  try {
    return file && readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
