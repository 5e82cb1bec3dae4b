// Real servers of alerting, each on a port and in a folder of its own: Alertmanager, and Mailpit for its mails.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePorts } from './ports'
import { startServer } from './server'

export interface RunningAlertmanager {
  readonly url: string
  /** The file that it reads. */
  readonly file: string
  stop(): Promise<void>
}

/**
 * @param configuration what `alertmanager.yml` holds
 * @param at its address; a free one without it
 */
export async function startAlertmanager(
  binary: string,
  configuration: string,
  args: readonly string[] = [],
  at?: string,
): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-alertmanager-'))
  const port = at ? new URL(at).port : (await freePorts(1))[0]
  const file = path.join(folder, 'alertmanager.yml')
  writeFileSync(file, configuration)
  const url = `http://127.0.0.1:${port}`
  const stop = await startServer({
    binary,
    args: [
      `--config.file=${file}`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      // one alone, which waits for no other
      '--cluster.listen-address=',
      ...args,
    ],
    folder,
    ready: `${url}/-/ready`,
  })
  return { url, file, stop }
}

export interface Mail {
  readonly subject: string
  readonly to: string[]
  readonly text: string
  /** As it came over the wire. */
  readonly raw: string
}

export interface Mailpit {
  /** `host:port` */
  readonly smarthost: string
  /** Oldest first. */
  mails(): Promise<Mail[]>
  /** From now on each mail is refused at this step; nothing for none. */
  refuse(step?: { at: 'Sender' | 'Recipient' | 'Authentication'; code: number }): Promise<void>
  stop(): Promise<void>
}

interface Summary {
  readonly ID: string
  readonly Subject: string
  readonly To: { readonly Address: string }[]
}

/** @param tls files of PEM, for STARTTLS */
export async function startMailpit(binary: string, tls?: { key: string; cert: string }): Promise<Mailpit> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-mailpit-'))
  const [smtp, http] = await freePorts(2)
  const url = `http://127.0.0.1:${http}`
  const args = [
    `--smtp=127.0.0.1:${smtp}`,
    `--listen=127.0.0.1:${http}`,
    `--database=${folder}/mails.db`,
    '--smtp-disable-rdns',
    '--disable-version-check',
    '--smtp-auth-accept-any',
    '--smtp-auth-allow-insecure',
    '--enable-chaos',
    '--quiet',
    ...(tls ? [`--smtp-tls-key=${tls.key}`, `--smtp-tls-cert=${tls.cert}`] : []),
  ]
  const stop = await startServer({ binary, args, folder, ready: `${url}/readyz` })
  const get = async (place: string) => fetch(`${url}/api/v1/${place}`)
  return {
    smarthost: `127.0.0.1:${smtp}`,
    async mails() {
      const { messages } = (await (await get('messages?limit=500')).json()) as { messages: Summary[] }
      return Promise.all(
        messages.reverse().map(async ({ ID, Subject, To }) => ({
          subject: Subject,
          to: To.map(({ Address }) => Address),
          text: ((await (await get(`message/${ID}`)).json()) as { Text: string }).Text,
          raw: await (await get(`message/${ID}/raw`)).text(),
        })),
      )
    },
    async refuse(step) {
      const triggers = step ? { [step.at]: { ErrorCode: step.code, Probability: 100 } } : {}
      const response = await fetch(`${url}/api/v1/chaos`, { method: 'PUT', body: JSON.stringify(triggers) })
      if (!response.ok) throw new Error(`Mailpit's chaos: ${await response.text()}`)
    },
    stop,
  }
}
