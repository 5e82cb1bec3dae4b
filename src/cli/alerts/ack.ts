// `afn-otel alerts ack`: acknowledges an alert, so that nobody is notified of it again. It calls a running `afn-otel alerts serve`.
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { BackendError, reasonOf } from '../../shared/queries/http'
import { table } from '../../shared/queries/table'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { plainText } from '../terminal'
import { receiverUrl } from './alertmanager'
import { configIn, FILE, findAlerts } from './file'

export const options = {
  by: { type: 'string', argument: 'NAME', help: 'your name', otherwise: 'the user of this machine' },
  url: {
    type: 'string',
    help: 'URL of afn-otel alerts serve',
    otherwise: 'AFN_ALERTS_URL, else pipeline.urls.receiver',
  },
  config: { type: 'string', argument: 'FILE', help: 'file whose receiver.token_file is the token', otherwise: FILE },
} as const satisfies Options

const help = `Usage: afn-otel alerts ack [ID|ALERTNAME] [--by NAME] [--url URL] [--config FILE]

Acknowledges a firing alert: it is not repeated or escalated until it is resolved, and its channels see who is working on
it. Without an argument, lists the firing alerts.

${optionLines(options, {
  ID: 'from a ticket or the list; a unique prefix is enough',
  ALERTNAME: 'if exactly one alert of that name is firing',
})}

Exit codes: 0 acknowledged, now or before; 1 not firing, ambiguous, or the receiver is unreachable; 2 usage error.`

interface Incident {
  readonly id: string
  readonly alertname: string
  readonly service: string
  readonly severity: string
  readonly since: string
  readonly acknowledgedBy?: string
}

/** @returns the exit code, as `help` says */
export async function ack(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [what, more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; ack takes one alert`)
  const found = findAlerts(values.config)
  const config = configIn(found)
  if (!config) return 2
  if (!config.receiver)
    throw new Error(
      `${found.name} sets receiver: false; use a silence instead: afn-otel alerts silence add alertname=${what ?? 'NAME'} --for 2h --comment TEXT`,
    )
  const { tokenFile } = config.receiver
  const url = receiverUrl(values.url)
  const token = tokenFile && readFileSync(path.resolve(found.folder, tokenFile), 'utf8').trim()
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  return answering('alerts ack', async () => {
    if (what === undefined) return list(await ask(`${url}/incidents`, { headers }))
    const body = JSON.stringify({ by: values.by || userInfo().username })
    const address = `${url}/incidents/${encodeURIComponent(what)}/acknowledge`
    return acknowledged(what, await ask(address, { method: 'POST', headers, body }))
  })
}

interface AckResponse {
  readonly incidents?: readonly Incident[]
  readonly incident?: Incident
  readonly isNew?: boolean
  readonly message?: string
}

async function ask(url: string, init: RequestInit): Promise<AckResponse> {
  const { origin } = new URL(url)
  let response: Response
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) })
  } catch (error) {
    throw new BackendError(
      `no alert receiver is reachable at ${origin} (${reasonOf(error)}); start afn-otel alerts serve, or set --url`,
    )
  }
  const answer = (await response.json().catch(() => undefined)) as AckResponse | undefined
  if (answer?.incidents || answer?.incident) return answer
  throw new BackendError(
    `the receiver at ${origin} returned ${response.status}: ${plainText(answer?.message ?? 'no JSON')}`,
  )
}

function list({ incidents = [] }: AckResponse): number {
  for (const line of lines(incidents)) console.log(line)
  if (incidents.length === 0) console.log('no alerts firing')
  return 0
}

function acknowledged(what: string, { incident, isNew, incidents = [] }: AckResponse): number {
  if (incident) {
    const { alertname, service, acknowledgedBy = '' } = incident
    const name = plainText(`${alertname}${service && ` (${service})`}`)
    console.log(isNew ? `${name} is acknowledged` : `${name} was acknowledged by ${plainText(acknowledgedBy)}`)
    return 0
  }
  console.error(
    incidents.length === 0
      ? `afn-otel alerts ack: alert "${plainText(what)}" is not firing`
      : `afn-otel alerts ack: "${plainText(what)}" matches several alerts; use an ID`,
  )
  for (const line of lines(incidents)) console.error(line)
  return 1
}

const lines = (incidents: readonly Incident[]): string[] =>
  incidents.length === 0
    ? []
    : table(
        ['ID', 'SEVERITY', 'ALERT', 'SERVICE', 'SINCE', 'ACKNOWLEDGED'],
        incidents.map(({ id, severity, alertname, service, since, acknowledgedBy = '' }) =>
          [id, severity, alertname, service, since, acknowledgedBy].map(plainText),
        ),
      )
