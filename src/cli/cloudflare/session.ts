// Shared by the Cloudflare commands: credentials, configuration, and the exit when Cloudflare rejects a request.
import { readFileSync } from 'node:fs'
import { ApiError } from '../../operations/cloudflare/api-error'
import { Client } from '../../operations/cloudflare/client'
import { type CloudflareConfig, readCloudflareConfig } from '../../operations/cloudflare/config'
import { type Credentials, readCredentials, type Setting, settingIn } from '../../operations/cloudflare/credentials'
import type { Setup } from '../../operations/cloudflare/desired-state'
import { scopeOf, scopeText } from '../../operations/cloudflare/scopes'
import { readZone, type Zone } from '../../operations/cloudflare/zone'
import { headers } from '../../shared/config/kinds'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { lineOf } from '../mistakes'
import { findMonitoringConfig } from '../monitoring-config'
import type { Options } from '../options'

export interface Session {
  readonly client: Client
  readonly place: Credentials
  readonly zone: Zone
  /** From the environment, else from `.env`. */
  readonly setting: Setting
}

export const serviceOption = {
  service: {
    type: 'string',
    argument: 'NAME',
    help: 'service that owns the resources; part of their names',
    otherwise: 'from FILE, else OTEL_SERVICE_NAME, else the name of the zone',
  },
  config: {
    type: 'string',
    argument: 'FILE',
    help: 'file with the configuration, in section cloudflare_config; options override it',
    otherwise: `${MONITORING_FILE} in the working directory, if it exists`,
  },
} as const satisfies Options

export const setupOptions = {
  ...serviceOption,
  url: {
    type: 'string',
    argument: 'URL',
    help: 'URL of the single health check',
    otherwise: 'https://ZONE/health/ready',
  },
  email: { type: 'string', multiple: true, argument: 'ADDRESS', help: 'recipient of notifications; can be repeated' },
  'otlp-endpoint': {
    type: 'string',
    argument: 'URL',
    help: 'target for traces and logs of Workers, with the headers in OTEL_EXPORTER_OTLP_HEADERS',
  },
} as const satisfies Options

export const patience = { now: Date.now, wait: (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms)) }

/**
 * @param command without `afn-otel`
 * @param work returns the exit code
 * @returns the exit code: 1 with a one-line message if Cloudflare rejects a request
 */
export async function inZone(command: string, work: (session: Session) => Promise<number>): Promise<number> {
  const failed = (sentence: string) => {
    console.error(`afn-otel ${command}: ${sentence}`)
    return 1
  }
  let place: Credentials
  const setting = settingIn(process.env, dotEnv())
  try {
    place = readCredentials(setting)
  } catch (error) {
    return failed((error as Error).message)
  }
  // for test suites; the name is wrangler's
  const base = process.env.CLOUDFLARE_API_BASE_URL
  const client = new Client({ token: place.token, ...(base && { base }) })
  try {
    return await work({ client, place, setting, zone: await readZone(client, place) })
  } catch (error) {
    if (!(error instanceof ApiError)) return failed((error as Error).message)
    const scope = error.reason === 'scope' ? scopeOf(error) : undefined
    return failed(scope ? `the token lacks the permission ${scopeText(scope)} (${error.message})` : error.message)
  }
}

/**
 * Reads the configuration, and prints errors with their positions to stderr.
 * @returns undefined if there are errors
 * @throws Error if a named file can't be read
 */
export function cloudflareConfig(named: string | undefined): CloudflareConfig | undefined {
  const found = findMonitoringConfig(named, 'correct --config')
  if (!found) return {}
  const { config, mistakes } = readCloudflareConfig(found.text)
  for (const mistake of mistakes) console.error(lineOf(found.name, mistake))
  return mistakes.length > 0 ? undefined : (config ?? {})
}

/** @throws Error if Cloudflare would reject the name */
export function serviceOf(option: string | undefined, config: CloudflareConfig, { zone, setting }: Session): string {
  const service = option || config.service || setting('OTEL_SERVICE_NAME') || zone.name.replaceAll('.', '-')
  if (!/^[\w-]{1,40}$/.test(service))
    throw new Error(
      `invalid service name "${service.slice(0, 60)}": use up to 40 letters, digits, hyphens and underscores`,
    )
  return service
}

interface Values {
  readonly service?: string
  readonly url?: string
  readonly email?: string[]
  readonly 'otlp-endpoint'?: string
}

/** @throws Error for an invalid option */
export function setupOf(values: Values, config: CloudflareConfig, session: Session): Setup {
  const { zone, setting } = session
  const discordWebhookUrl = setting('DISCORD_WEBHOOK_URL')
  const endpoint = values['otlp-endpoint'] ?? config.otlp_endpoint
  const checks = values.url === undefined ? config.health_checks : undefined
  return {
    service: serviceOf(values.service, config, session),
    healthChecks: checks ?? [
      { name: 'ready', url: webUrl('--url', values.url ?? `https://${zone.name}/health/ready`) },
    ],
    emails: values.email ?? config.emails ?? [],
    webAnalytics: config.web_analytics ?? true,
    pages: config.pages ?? [],
    ...(discordWebhookUrl && { discordWebhookUrl: webUrl('DISCORD_WEBHOOK_URL', discordWebhookUrl) }),
    ...(endpoint && {
      otlp: {
        endpoint: webUrl('--otlp-endpoint', endpoint),
        headers: headers.parse(setting('OTEL_EXPORTER_OTLP_HEADERS')) ?? {},
      },
    }),
  }
}

/** The error omits the text, which may be a secret. */
export function webUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new Error(`${name} is not an http or https URL`)
  return text
}

function dotEnv(): string {
  try {
    return readFileSync('.env', 'utf8')
  } catch {
    return ''
  }
}
