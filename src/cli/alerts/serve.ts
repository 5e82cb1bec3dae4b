// `afn-otel alerts serve`: the receiver of Alertmanager's webhooks, until stopped.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isLoopback } from '../../backend/access-policy'
import { type AlertsConfig, labels, type ReceiverConfig } from '../../monitoring/alerts/config'
import { laddersOf } from '../../monitoring/alerts/routes'
import { type Receiver, type ReceiverOptions, startReceiver } from '../../operations/alert-receiver/receiver'
import { Failure } from '../../operations/alert-receiver/request'
import { planOf } from '../../pipeline/deployment/plan'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { packageRoot } from '../package-root'
import { pipelineSettings } from '../pipeline-settings'
import { portOf, signalled } from '../serving'
import { configIn, FILE, findAlerts } from './file'
import { goesBy, untilOther } from './watched-files'

export const options = {
  host: {
    type: 'string',
    default: '127.0.0.1',
    help: 'address to bind to; an address that other machines can reach requires receiver.token_file',
  },
  port: { type: 'string', default: '9095', help: 'port to listen on; 0 picks a free port' },
  alertmanager: {
    type: 'string',
    argument: 'URL',
    help: 'Alertmanager to post escalations to',
    otherwise: 'AFN_ALERTMANAGER_URL, else receiver.alertmanager_url',
  },
  prometheus: {
    type: 'string',
    argument: 'URL',
    help: 'Prometheus for the incident pages',
    otherwise: 'AFN_PROMETHEUS_URL, else http://localhost:9090',
  },
  runbooks: {
    type: 'string',
    argument: 'DIR',
    help: 'folder served at /runbooks/NAME',
    otherwise: 'runbooks next to FILE, else the built-in ones',
  },
} as const satisfies Options

const help = `Usage: afn-otel alerts serve [FILE] [OPTIONS]

Receives notifications from Alertmanager, serves a page for each incident, opens, closes and reopens issues, posts to Discord
within its rate limits, and escalates unacknowledged alerts, as configured in alerts-config.yaml. Stores its state in a database
(receiver.database: an SQLite file or libsql://…; libsql://, or a file on Node 20, requires npm i @libsql/client). Several
instances can share one database.

${optionLines(options, {
  FILE: `configuration; paths of secrets and the database are relative to it [${FILE}]`,
})}

Links use pipeline.urls in the settings file. The key for acknowledgements (receiver.key_file) is created if it is missing.
Secrets are read on each use, and FILE whenever it changes: if the new version has errors, they are reported and the
previous version stays in use.
Endpoints: /healthz, /metrics (Prometheus), /history and /incidents.

Exit codes: 0 stopped by a signal; 1 failed to start; 2 usage error or invalid file.`

/** @returns the exit code, as `help` says */
export async function serve(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [file, more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; serve takes one file`)
  // the database and the key file must not be readable by other users
  process.umask(0o077)
  const ending = new AbortController()
  void signalled().then(() => ending.abort())
  let { port } = values
  for (;;) {
    const text = () => goesBy(file ?? FILE, process.env.AFN_CONFIG)
    const before = text()
    const found = findAlerts(file)
    const config = configIn(found)
    if (!config) return 2
    if (!config.receiver) throw new Error(`${found.name} sets receiver: false; remove that line to use the receiver`)
    let receiver: Receiver
    try {
      const options = optionsOf(config, config.receiver, found.folder, { ...values, port })
      receiver = await startReceiver({ ...options, config: before })
    } catch (error) {
      console.error(`afn-otel alerts serve: ${reasonOf(error as NodeJS.ErrnoException, port)}`)
      return 1
    }
    console.log(`receiver  ${receiver.url}  (Alertmanager posts to ${receiver.url}/alertmanager)`)
    port = new URL(receiver.url).port
    await untilOther(text, before, () => configIn(findAlerts(file))?.receiver !== undefined, ending.signal)
    await receiver.close()
    if (ending.signal.aborted) return 0
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values']

export function optionsOf(
  config: AlertsConfig,
  receiver: ReceiverConfig,
  folder: string,
  values: Values,
): Omit<ReceiverOptions, 'config'> {
  const host = values.host ?? ''
  const urls = planOf('single', pipelineSettings()).urls
  const { url, tokenFile, keyFile, database, databaseTokenFile } = receiver
  const inFolder = (file: string) => path.resolve(folder, file)
  const token = tokenFile === undefined ? undefined : contentOf(inFolder(tokenFile))
  if (!isLoopback(host) && token === undefined)
    throw new Error(`--host ${host} is reachable from other machines and requires a token: set receiver.token_file`)
  const channels = Object.entries(config.channels)
  return {
    host,
    port: portOf('--port', values.port),
    token,
    names: [url, urls.receiver].map(address => new URL(address).hostname),
    database: {
      url: /^\w+:\/\//.test(database) ? database : inFolder(database),
      token: databaseTokenFile === undefined ? undefined : contentOf(inFolder(databaseTokenFile)),
    },
    urls,
    key: keyIn(inFolder(keyFile)),
    alertmanagerUrl: values.alertmanager || process.env.AFN_ALERTMANAGER_URL || receiver.alertmanagerUrl,
    prometheusUrl: values.prometheus || process.env.AFN_PROMETHEUS_URL || 'http://localhost:9090',
    discord: channels.flatMap(([name, channel]) =>
      channel.kind === 'discord' ? [{ name, webhookUrl: secretIn(inFolder(channel.webhookUrlFile)) }] : [],
    ),
    tickets: channels.flatMap(([name, channel]) => {
      if (channel.kind !== 'tickets') return []
      const { repository, apiUrl, tokenFile: file, labels, limitPerHour } = channel
      return [{ name, repository: { name: repository, apiUrl, token: secretIn(inFolder(file)) }, labels, limitPerHour }]
    }),
    routing: ['severity', labels.environment, ...config.routes.flatMap(({ match }) => Object.keys(match))],
    language: config.language,
    severities: Object.fromEntries(
      Object.entries(laddersOf(config)).map(([name, { repeat, escalation }]) => [
        name,
        { repeatMs: repeat * 1_000, steps: escalation.map(({ after }) => after * 1_000) },
      ]),
    ),
    runbooks: runbooksOf(values.runbooks, folder),
  }
}

/** Reads the file for each use, because a secret may be added or changed while the receiver runs. */
const secretIn = (file: string) => (): string => {
  try {
    return contentOf(file)
  } catch (error) {
    throw new Failure('auth', (error as Error).message)
  }
}

function contentOf(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code}); it must contain the secret`)
  }
  if (text === '') throw new Error(`${file} is empty; write the secret into it`)
  return text
}

/** Returns the signing key, which replicas share because a link may lead to any of them. */
function keyIn(file: string): Buffer {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    try {
      writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      // another replica created it first
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  const key = contentOf(file)
  if (key.length < 16) throw new Error(`${file} is too short for a key; delete it to create a new one`)
  return Buffer.from(key)
}

function runbooksOf(named: string | undefined, folder: string): string {
  if (named !== undefined) return path.resolve(named)
  const generated = path.join(folder, 'runbooks')
  if (existsSync(generated)) return generated
  try {
    return path.join(packageRoot(__dirname), 'docs/runbooks')
  } catch {
    // the CLI's single file was copied elsewhere
    return generated
  }
}

function reasonOf(error: NodeJS.ErrnoException, port: string | undefined): string {
  if (error.code === 'EADDRINUSE')
    return `port ${port} is already in use; stop the process that listens there, or choose another port with --port`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return '--host is not an address of this machine'
  return error.message
}
