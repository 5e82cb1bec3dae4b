/** Runs the dispatcher inside another process: its API on a port, and a check for due notifications every second. */

import { listen } from '../../backend/listen'
import type { PostedAlert } from '../../monitoring/alerts/api'
import { type AlertsConfig, WATCHDOG } from '../../monitoring/alerts/config'
import { openDatabase } from '../alert-receiver/database'
import { Counts } from './counts'
import { Dispatcher } from './dispatcher'
import { integrationsOf } from './integration'
import { Memory } from './notification-log'
import { serverOf } from './server'

export interface DispatchOptions {
  readonly config: AlertsConfig
  /** Base of relative paths of secrets. */
  readonly folder: string
  /** Path of an SQLite file. */
  readonly database: string
  /** 0 for any free port. */
  readonly port: number
  /** The address of the receiver for tickets and Discord, once it runs. */
  readonly receiver: () => string
  readonly now: () => number
  readonly say: (line: string) => void
}

/** A firing alert of a rule. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** ms since 1970 */
  readonly since: number
}

export interface Dispatch {
  readonly url: string
  /**
   * Receives all firing alerts after each evaluation. Nothing is sent before the first call, which shows what has ended in the meantime.
   */
  take(firing: readonly Firing[]): Promise<void>
  close(): Promise<void>
}

const TICK_MS = 1_000
/** Four evaluations, as in Prometheus: alerts that are no longer reported count as resolved. */
const LASTS_MS = 240_000

/** @throws Error if the database cannot be used, or the port is taken */
export async function startDispatch(options: DispatchOptions): Promise<Dispatch> {
  const { config, folder, now, say } = options
  const database = await openDatabase({ url: options.database })
  const counts = new Counts()
  const integrations = new Map(
    [...integrationsOf(config, folder, options.receiver)].map(([name, all]) => [
      name,
      all.map(one => counts.counted(one)),
    ]),
  )
  const told = new Map<string, number>()
  const dispatcher = await Dispatcher.start({
    config,
    memory: await Memory.in(database),
    integrations,
    externalUrl: '',
    now,
    failed(what) {
      // repeats the message of a lasting failure once per minute
      if ((told.get(what) ?? 0) > now() - 60_000) return
      told.set(what, now())
      say(`a notification was rejected: ${what}`)
    },
  })
  const access = { host: '127.0.0.1' }
  const server = serverOf({ dispatcher, counts, receivers: [...integrations.keys()], access })
  const listening = await listen(server, options.port, access.host)
  let before = new Map<string, Firing>()
  let ticking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const tick = () => {
    ticking = ticking
      .then(() => dispatcher.tick())
      .catch((error: Error) => say(`alerts were not sent: ${error.message}`))
  }
  return {
    url: listening.url,
    async take(firing) {
      const at = now()
      const posted = ({ labels, annotations, since }: Firing, endsAt: number): PostedAlert => ({
        labels,
        annotations,
        startsAt: new Date(since).toISOString(),
        endsAt: new Date(endsAt).toISOString(),
      })
      const all = config.heartbeats.length > 0 ? [...firing, watchdog(at)] : firing
      const next = new Map(all.map(one => [JSON.stringify(Object.entries(one.labels).sort()), one]))
      const ended = [...before].filter(([key]) => !next.has(key)).map(([, one]) => posted(one, at))
      before = next
      await dispatcher.post([...ended, ...all.map(one => posted(one, at + LASTS_MS))])
      timer ??= setInterval(tick, TICK_MS)
      tick()
    },
    async close() {
      clearInterval(timer)
      await listening.close()
      await ticking
      database.close()
    },
  }
}

const watchdog = (since: number): Firing => ({
  labels: { alertname: WATCHDOG, severity: 'none', service: 'watchdog' },
  annotations: { summary: 'The alerting pipeline works.' },
  since,
})
