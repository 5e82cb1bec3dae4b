// Reads the section `cloudflare_config` of `monitoring-config.json`. The schema defines its structure.
import { CheckedFile, listOf, type Mistake, mapOf } from '../../shared/config/checked-file'
import { schemaOfSection } from '../../shared/config/monitoring-config'
import type { Probe } from './worker/probe'

export interface ConfiguredCheck {
  readonly name: string
  /** `http:` or `https:` */
  readonly url: string
  /** seconds */
  readonly interval?: number
  /** seconds */
  readonly timeout?: number
  readonly regions?: readonly string[]
}

/** As in the schema; absent fields have the schema's defaults. */
export interface CloudflareConfig {
  readonly service?: string
  readonly health_checks?: readonly ConfiguredCheck[]
  readonly emails?: readonly string[]
  readonly web_analytics?: boolean
  /** Names of Pages projects. */
  readonly pages?: readonly string[]
  readonly otlp_endpoint?: string
  readonly worker?: {
    readonly probes?: readonly Probe[]
    readonly language?: 'en' | 'ja'
    /** seconds */
    readonly heartbeat_max_age?: number
  }
}

export interface CloudflareFile {
  /** Undefined if it has errors or does not exist. */
  readonly config: CloudflareConfig | undefined
  /** In file order. */
  readonly mistakes: readonly Mistake[]
}

const SECTION = 'cloudflare_config'

/** Checks only this section, so that an error in budgets or boards does not keep a zone from being watched. */
const ownSchema = schemaOfSection(SECTION)

/** @param text of `monitoring-config.json` */
export function readCloudflareConfig(text: string): CloudflareFile {
  const file = new CheckedFile(text, ownSchema)
  const raw = mapOf(file.value)[SECTION]
  const section = mapOf(raw)
  const { health_checks: checks, emails, pages, worker } = section
  refuseTwice(file, [SECTION, 'health_checks'], namesIn(checks), ['name'])
  refuseTwice(file, [SECTION, 'worker', 'probes'], namesIn(mapOf(worker).probes), ['name'])
  refuseTwice(file, [SECTION, 'emails'], listOf(emails))
  refuseTwice(file, [SECTION, 'pages'], listOf(pages))
  const { mistakes } = file
  return { mistakes, config: mistakes.length > 0 || raw === undefined ? undefined : section }
}

function refuseTwice(
  file: CheckedFile,
  path: readonly string[],
  names: readonly unknown[],
  below: readonly string[] = [],
) {
  for (const [index, name] of names.entries())
    if (typeof name === 'string' && names.indexOf(name) < index)
      file.wrong([...path, index, ...below], `"${name}" stands twice; names are for one thing each, so rename or remove one`) // biome-ignore format: one line
}

const namesIn = (value: unknown): readonly unknown[] => listOf(value).map(one => mapOf(one).name)
