// `afn-otel up --notify alerts-config.yaml`: the dispatcher and the receiver in the process of `up`.
import path from 'node:path'
import type { UpOptions } from '../../backend/up'
import type { AlertsConfig } from '../../monitoring/alerts/config'
import { defaultReceiver } from '../../monitoring/alerts/defaults'
import { ruleFile } from '../../monitoring/alerts/rules'
import type { RuleGroup } from '../../monitoring/slo/rule-file'
import { type Receiver, startReceiver } from '../../operations/alert-receiver/receiver'
import { startDispatch } from '../../operations/dispatch/start'
import { urlOf } from '../../pipeline/deployment/hosts'
import { findAlerts } from '../alerts/file'
import { optionsOf } from '../alerts/serve'
import { lineOf } from '../mistakes'

export interface Notifying {
  readonly notify: NonNullable<UpOptions['notify']>
  /** Where it listens. */
  readonly url: string
  close(): Promise<void>
}

interface NotifyOptions {
  /** alerts-config.yaml */
  readonly file: string
  /** Folder of `up`. */
  readonly data: string
  /** Of `up`: Prometheus for the incident pages. */
  readonly prometheus: string
  readonly now: () => number
  readonly say: (line: string) => void
}

/** The usual port of each, where it is free. */
const [DISPATCHER_PORT, RECEIVER_PORT] = [9093, 9095]

/** @throws Error with every mistake of the file, or why it can't start */
export async function startNotifying({ file, data, prometheus, now, say }: NotifyOptions): Promise<Notifying> {
  const found = findAlerts(file)
  for (const note of found.notes) say(lineOf(file, note, 'note: '))
  const config = found.config && whatUpCan(found.config)
  if (!config) throw new Error(found.mistakes.map(mistake => lineOf(file, mistake)).join('\n'))
  const database = path.join(data, 'alerts.db')
  let receiver: Receiver | undefined
  const dispatch = await atPort(DISPATCHER_PORT, port =>
    startDispatch({
      config,
      folder: found.folder,
      database,
      port,
      receiver: () => receiver?.url ?? '',
      now,
      say,
    }),
  )
  try {
    receiver = await atPort(RECEIVER_PORT, port =>
      receiverAt(port, config, found.folder, database, { alertmanager: dispatch.url, prometheus }),
    )
  } catch (error) {
    await dispatch.close()
    throw error
  }
  return {
    url: dispatch.url,
    notify: {
      groups: (ruleFile(config)?.groups ?? []) as unknown as RuleGroup[],
      language: config.language,
      take: dispatch.take,
    },
    async close() {
      await dispatch.close()
      await receiver?.close()
    },
  }
}

function receiverAt(
  port: number,
  config: AlertsConfig,
  folder: string,
  file: string,
  servers: { readonly alertmanager: string; readonly prometheus: string },
) {
  const own = { ...config.receiver!, database: file, databaseTokenFile: undefined, tokenFile: undefined }
  const options = optionsOf(config, own, folder, { host: '127.0.0.1', port: String(port), ...servers })
  return startReceiver({ ...options, config: '' })
}

/** What is taken by another program leaves a free one. */
async function atPort<Started>(port: number, start: (port: number) => Promise<Started>): Promise<Started> {
  try {
    return await start(port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return start(0)
  }
}

/** The receiver is in this process, whatever the file says of it. @throws Error where a channel is out of reach */
function whatUpCan(config: AlertsConfig): AlertsConfig {
  const jira = Object.entries(config.channels).find(([, { kind }]) => kind === 'jira')
  if (jira) throw new Error(`channel ${jira[0]} is Jira, which requires Alertmanager; afn-otel generate sets it up`)
  return { ...config, receiver: { ...defaultReceiver, ...config.receiver, url: urlOf(RECEIVER_PORT) } }
}
