// `afn-otel certificates HOST:PORT…`: when the certificates of servers expire.
import { connect } from 'node:tls'
import { parseArgs } from 'node:util'
import { METRIC_AFN_TLS_CERTIFICATE_EXPIRY } from '../../semconv'
import { table } from '../shared/queries/table'
import { everyOption, inRounds } from './every-option'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { pushGauges } from './push-gauges'
import { json, plainText } from './terminal'

export const options = {
  ...everyOption('1h'),
  json: {
    type: 'boolean',
    default: false,
    help: 'prints [{ address, port, ends, days }]; ends is null if the server did not answer',
  },
} as const satisfies Options

const help = `Usage: afn-otel certificates HOST[:443]… [--every 1h] [--json]

Connects to each server and shows when its certificate expires, whoever signed it. With OTEL_EXPORTER_OTLP_ENDPOINT, it sends the
date as the metric afn.tls.certificate.expiry; the alert AfnCertificateExpiring fires 14 days before.

${optionLines(options)}

Exit codes: 0 all certificates are valid for 14 days or more; 1 one expires sooner, or a server sent none; 2 usage error.`

/** The same threshold as in the alert. */
const ENOUGH_DAYS = 14
const PATIENCE_MS = 5_000

interface Server {
  readonly address: string
  readonly port: number
}

interface ServerCertificate extends Server {
  /** Undefined without an answer; then `why` has the reason. */
  readonly ends: Date | undefined
  readonly why: string
}

/** @returns the exit code, as `help` says */
export async function certificates(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  if (positionals.length === 0) throw new Error('certificates needs HOST:PORT, such as otlp.example.com:443')
  const servers = positionals.map(serverOf)
  return inRounds(values.every, async () => {
    const found = await Promise.all(servers.map(look))
    await pushGauges(
      found.flatMap(({ address, port, ends }) =>
        ends
          ? [
              {
                name: METRIC_AFN_TLS_CERTIFICATE_EXPIRY,
                value: ends.getTime() / 1_000,
                attributes: { 'server.address': address, 'server.port': port },
              },
            ]
          : [],
      ),
    )
    say(found, values.json)
    return found.every(({ ends }) => ends && daysTo(ends) >= ENOUGH_DAYS) ? 0 : 1
  })
}

function serverOf(text: string): Server {
  const url = `https://${text.replace(/^https:\/\//, '')}`
  if (!URL.canParse(url)) throw new Error(`"${text}" is not HOST:PORT, such as otlp.example.com:443`)
  const { hostname, port } = new URL(url)
  return { address: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 443 }
}

/** Reads untrusted certificates too, because they expire as well; clients report that they are not trusted. */
const look = (server: Server): Promise<ServerCertificate> =>
  new Promise(resolve => {
    const { address, port } = server
    const socket = connect({
      host: address,
      port,
      servername: /^[\d.]+$|:/.test(address) ? '' : address,
      rejectUnauthorized: false,
    })
    const end = (ends: Date | undefined, why = '') => {
      socket.destroy()
      resolve({ ...server, ends, why })
    }
    socket.setTimeout(PATIENCE_MS, () => end(undefined, 'no answer'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(undefined, error.code ?? error.message))
    socket.once('secureConnect', () => {
      const ends = new Date(socket.getPeerCertificate().valid_to)
      if (Number.isNaN(ends.getTime())) end(undefined, 'no certificate')
      else end(ends)
    })
  })

const daysTo = (ends: Date): number => (ends.getTime() - Date.now()) / 86_400_000

function say(found: readonly ServerCertificate[], asJson: boolean): void {
  if (asJson) {
    const rows = found.map(({ address, port, ends }) => ({ address, port, ends: ends?.toISOString() ?? null, days: ends ? Math.floor(daysTo(ends)) : null })) // biome-ignore format: one line
    console.log(json(rows, 2))
    return
  }
  const rows = found.map(({ address, port, ends, why }) => [
    `${address}:${port}`,
    ends?.toISOString() ?? why,
    ends ? `${Math.floor(daysTo(ends))} d` : '',
  ])
  console.log(plainText(table(['SERVER', 'ENDS', 'IN'], rows).join('\n')))
}
