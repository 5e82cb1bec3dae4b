// `afn-otel cloudflare deploy-worker`
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { group } from '../../operations/cloudflare/plan'
import { scriptName, scripts, type WantedScript, workersDev } from '../../operations/cloudflare/script'
import type { Probe } from '../../operations/cloudflare/worker/probe'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { packageRoot } from '../package-root'
import { carryOut } from './carry-out'
import { cloudflareConfig, inZone, serviceOf, serviceOption, webUrl } from './session'

export const options = {
  ...serviceOption,
  probe: {
    type: 'string',
    multiple: true,
    argument: 'NAME=URL',
    help: 'URL to probe every minute; can be repeated',
    otherwise: 'from FILE, else ready=https://ZONE/health/ready',
  },
  'otlp-endpoint': { type: 'string', argument: 'URL', help: 'OTLP/HTTP endpoint for the probe metrics' },
  language: { type: 'string', help: 'language of the posts: en or ja', otherwise: 'from FILE, else en' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare deploy-worker [--probe NAME=URL…] [--otlp-endpoint URL]

Deploys a Worker that probes from the edge every minute. It posts to Discord when two of the last three probes fail, and again when
the service recovers. It also posts when Alertmanager's Watchdog goes silent, which means that all other monitoring is down.

Secrets come from the environment or from .env; unset ones stay unchanged: DISCORD_WEBHOOK_URL, HEARTBEAT_SECRET (Alertmanager posts
the Watchdog to /heartbeat/HEARTBEAT_SECRET of the Worker) and OTEL_EXPORTER_OTLP_HEADERS.

${optionLines(options)}

Exit codes: 0 the Worker is deployed; 1 something was rejected or is missing; 2 usage error.`

const SECRETS = ['DISCORD_WEBHOOK_URL', 'HEARTBEAT_SECRET', 'OTEL_EXPORTER_OTLP_HEADERS'] as const

/** @param moduleText the bundled Worker. Default: the one in this package. */
export async function deployWorker(args: string[], moduleText = bundledWorker): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const config = cloudflareConfig(values.config)
  if (!config) return 1
  const { worker = {} } = config
  const language = values.language ?? worker.language ?? 'en'
  if (language !== 'en' && language !== 'ja') throw new Error('--language takes en or ja')
  return inZone('cloudflare deploy-worker', async session => {
    const { client, place, zone, setting } = session
    const service = serviceOf(values.service, config, session)
    const ready = { name: 'ready', url: `https://${zone.name}/health/ready` }
    const probes = values.probe?.map(probeOf) ?? worker.probes ?? [ready]
    const endpoint = values['otlp-endpoint'] ?? config.otlp_endpoint
    const wanted: WantedScript = {
      name: scriptName(service),
      module: moduleText(),
      objects: { MONITOR: 'MonitorObject' },
      texts: {
        SERVICE: service,
        LANGUAGE: language,
        ...(worker.heartbeat_max_age && { HEARTBEAT_MAX_AGE: String(worker.heartbeat_max_age) }),
        ...(endpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: webUrl('--otlp-endpoint', endpoint) }),
      },
      secrets: {
        PROBES: JSON.stringify(probes),
        ...Object.fromEntries(SECRETS.flatMap(name => (setting(name) ? [[name, setting(name)]] : []))),
      },
      schedules: ['* * * * *'],
    }
    const domain = await workersDev(client, place)
    const code = await carryOut('cloudflare deploy-worker', session, [group(scripts(client, place, service), [wanted])])
    if (code === 0 && wanted.secrets.HEARTBEAT_SECRET)
      console.log(`Alertmanager posts the Watchdog to https://${wanted.name}.${domain}/heartbeat/HEARTBEAT_SECRET`)
    return code
  })
}

/** @throws Error without the URL, which may contain a token */
function probeOf(text: string): Probe {
  const [, name, url] = /^([\w-]{1,40})=(.+)$/.exec(text) ?? []
  if (name === undefined || url === undefined)
    throw new Error('--probe takes NAME=URL, such as ready=https://shop.example/health/ready')
  return { name, url: webUrl(`--probe ${name}`, url) }
}

const bundledWorker = () => readFileSync(path.join(packageRoot(__dirname), 'dist/cloudflare-worker.mjs'), 'utf8')
