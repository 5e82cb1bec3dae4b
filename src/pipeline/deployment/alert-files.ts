// The files of secrets that alerts-config.yaml names: containers mount them, so that each has to be there.
import { randomBytes } from 'node:crypto'
import type { Channel } from '../../monitoring/alerts/config'
import { type Alerting, secretsOfAlertmanager, secretsOfReceiver } from './alerting'

interface MadeSecret {
  /** Path relative to alerts-config.yaml. */
  readonly file: string
  /** What is written where there is none yet. */
  readonly make: () => string
  /** Somebody has to put the right one there. */
  readonly isPlaceholder: boolean
}

/** A name that never leads anywhere: https://www.rfc-editor.org/rfc/rfc2606 */
const NOWHERE = 'https://example.invalid/put-the-url-here'

export function secretFilesOf(alerting: Alerting): MadeSecret[] {
  const { channels, heartbeats, receiver } = alerting.alerts
  const all = [...secretsOfAlertmanager(alerting), ...secretsOfReceiver(alerting)].map(({ file }) => file)
  const urls = [...Object.values(channels).map(urlFileOf), ...heartbeats.map(({ url }) => 'file' in url && url.file)]
  return [...new Set(all)].map(file => {
    const isOurs = file === receiver?.keyFile || file === receiver?.tokenFile
    const placeholder = urls.includes(file) ? NOWHERE : 'put-the-secret-here'
    return { file, make: () => (isOurs ? randomBytes(32).toString('hex') : placeholder), isPlaceholder: !isOurs }
  })
}

function urlFileOf(channel: Channel): string | undefined {
  if (channel.kind === 'discord') return channel.webhookUrlFile
  return channel.kind === 'webhook' && 'file' in channel.url ? channel.url.file : undefined
}
