// `afn-otel cloudflare deploy-worker`
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { group } from '../../cloudflare/plan'
import { scriptName, scripts, type WantedScript, workersDev } from '../../cloudflare/script'
import type { Probe } from '../../cloudflare/worker/probe'
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
    help: 'what is probed each minute; may be there several times',
    otherwise: 'those of the file, else ready=https://ZONE/health/ready',
  },
  'otlp-endpoint': { type: 'string', argument: 'URL', help: 'where the metrics of the probes go, by OTLP/HTTP' },
  language: { type: 'string', help: 'of the posts: en or ja', otherwise: 'that of the file, else en' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare deploy-worker [--probe NAME=URL…] [--otlp-endpoint URL]

Uploads a Worker that probes from the edge each minute. When two of the last three probes have failed it posts to Discord, and once more
when the service is up again. It also posts when the Watchdog of Alertmanager is silent: then all other monitoring is gone.

Secrets come from the environment or from .env, and those that are not set stay as they are: DISCORD_WEBHOOK_URL, HEARTBEAT_SECRET (Alertmanager posts
the Watchdog to /heartbeat/HEARTBEAT_SECRET of the Worker) and OTEL_EXPORTER_OTLP_HEADERS.

${optionLines(options)}

Exit codes: 0 the Worker is there; 1 something is refused or missing; 2 the command is not right.`

const SECRETS = ['DISCORD_WEBHOOK_URL', 'HEARTBEAT_SECRET', 'OTEL_EXPORTER_OTLP_HEADERS'] as const

/** @param moduleText the Worker, bundled. Default that of this package. */
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

/** @throws Error that does not show the URL: it may hold a token */
function probeOf(text: string): Probe {
  const [, name, url] = /^([\w-]{1,40})=(.+)$/.exec(text) ?? []
  if (name === undefined || url === undefined)
    throw new Error('--probe takes NAME=URL, such as ready=https://shop.example/health/ready')
  return { name, url: webUrl(`--probe ${name}`, url) }
}

const bundledWorker = () => readFileSync(path.join(packageRoot(__dirname), 'dist/cloudflare-worker.mjs'), 'utf8')
