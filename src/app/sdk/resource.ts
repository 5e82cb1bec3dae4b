// Describes the process that sends. Everything in it is redacted before any provider sees it, the user's part too.
import type * as Crypto from 'node:crypto'
import os from 'node:os'
import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { SDK_INFO } from '@opentelemetry/core'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { ATTR_AFN_REDACTION_KEY_ID, ATTR_AFN_REDACTION_RULES } from '../../../semconv'
import { renamedAmong } from '../../shared/config/renamed'
import type { Settings } from '../../shared/config/settings'
import type { Redactor } from '../../shared/redact'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import type { DetectedAttributes } from './detectors'
import type { SdkRedactor } from './redactor'

export interface App {
  readonly name?: string
  readonly version?: string
}

interface OwnResource {
  /** Wins over what is detected and over the environment, as OpenTelemetry's specification has it. */
  readonly resource?: Resource | undefined
  /** Wins over everything. */
  readonly serviceName?: string | undefined
}

/**
 * Attributes by OpenTelemetry's resource conventions. The command line is left out on purpose: it carries secrets.
 * @param app what package.json says; its name is the service name when no setting gives one
 * @param own what the user of afnNodeSDK() brings
 */
export function createResource(
  settings: Settings,
  app: App,
  { redactor, keyId, rules }: SdkRedactor,
  own: OwnResource = {},
): Resource {
  const chosen = new Set<string>(settings.resourceDetectors.includes('all') ? everything : settings.resourceDetectors)
  // these ask at once, so that the answer is there when something is sent
  const remotely = detectRemote(chosen)
  const detect = (): DetectedAttributes => ({
    ...SDK_INFO,
    'telemetry.distro.name': '@afn/otel',
    'telemetry.distro.version': version,
    'service.name': process.env.AWS_LAMBDA_FUNCTION_NAME ?? app.name ?? 'unknown_service:node',
    'service.version': app.version,
    ...(chosen.has('serviceinstance') && { 'service.instance.id': randomUuid() }),
    ...(chosen.has('host') && { 'host.name': os.hostname(), 'host.arch': architecture() }),
    ...(chosen.has('os') && { 'os.type': osType(), 'os.version': os.release() }),
    ...(chosen.has('process') && {
      'process.pid': process.pid,
      'process.parent_pid': process.ppid,
      // without it a pid names no process: the entity `process` is identified by both
      'process.creation.time': new Date(performance.timeOrigin).toISOString(),
      'process.executable.path': process.execPath,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
    }),
    ...remotely,
    ...(chosen.has('env') && settings.resourceAttributes),
    ...(settings.serviceName && { 'service.name': settings.serviceName }),
  })
  let made: Resource | undefined
  const raw = () => {
    if (made) return made
    let all = resourceFromAttributes(detect())
    if (own.resource) all = all.merge(withoutUnknownService(own.resource))
    if (own.serviceName) all = all.merge(resourceFromAttributes({ 'service.name': own.serviceName }))
    made = withRenamed(all)
    return made
  }
  // nobody else can say this, not even by its absence
  return new RedactedResource(raw, own.resource && raw().schemaUrl, redactor, {
    ...(keyId && { [ATTR_AFN_REDACTION_KEY_ID]: keyId }),
    [ATTR_AFN_REDACTION_RULES]: rules,
  })
}

/** OpenTelemetry's `defaultResource()` names every service so; that is no choice of the user. */
function withoutUnknownService(resource: Resource): Resource {
  const isUnknown = (value: unknown) => typeof value === 'string' && value.startsWith('unknown_service')
  const attributes = resource.getRawAttributes().filter(([key, value]) => key !== 'service.name' || !isUnknown(value))
  // of two that have one key the first counts there, and the last here
  return resourceFromAttributes(Object.fromEntries(attributes.reverse()), schemaOf(resource))
}

/** Under today's names too, also where a detector of the user still has to ask for the value. */
function withRenamed(resource: Resource): Resource {
  // of two that have one key the first counts there, and the last here
  const all = new Map([...resource.getRawAttributes()].reverse())
  const more = renamedAmong(new Set(all.keys())).map(([old, today]) => [today, all.get(old)])
  return more.length > 0 ? resource.merge(resourceFromAttributes(Object.fromEntries(more))) : resource
}

function schemaOf({ schemaUrl }: Resource): { schemaUrl: string } | undefined {
  return schemaUrl ? { schemaUrl } : undefined
}

/** Made and redacted when somebody looks, at the first export: not during the start. Nothing in it can be had unredacted. */
class RedactedResource implements Resource {
  readonly #make: () => Resource
  readonly #redactor: Redactor
  /** Set by us alone, whatever the resource is merged with; `undefined` leaves the key out. */
  readonly #own: Readonly<Record<string, string | undefined>>
  #settled: Attributes | undefined
  readonly schemaUrl?: string

  constructor(
    make: () => Resource,
    schemaUrl: string | undefined,
    redactor: Redactor,
    own: Readonly<Record<string, string | undefined>>,
  ) {
    this.#make = make
    this.#redactor = redactor
    this.#own = own
    if (schemaUrl !== undefined) this.schemaUrl = schemaUrl
  }

  get #raw(): Resource {
    return this.#make()
  }

  get attributes(): Attributes {
    if (this.#settled) return this.#settled
    const attributes = this.#withOwn(this.#redactor.attributes(this.#raw.attributes))
    if (!this.#raw.asyncAttributesPending) this.#settled = attributes
    return attributes
  }

  get asyncAttributesPending(): boolean {
    return this.#settled === undefined && (this.#raw.asyncAttributesPending ?? false)
  }

  async waitForAsyncAttributes(): Promise<void> {
    await this.#raw.waitForAsyncAttributes?.()
  }

  getRawAttributes(): ReturnType<Resource['getRawAttributes']> {
    const redacted = this.#raw
      .getRawAttributes()
      .flatMap(([key, value]): [string, AttributeValue | undefined][] =>
        isPromise(value)
          ? [[this.#redactor.text(key), value.then(later => this.#redactor.value(key, later)) as never]]
          : Object.entries(this.#redactor.attributes({ [key]: value })),
      )
    return [...Object.entries(this.#own), ...redacted.filter(([key]) => !(key in this.#own))]
  }

  merge(other: Resource | null): Resource {
    if (other === null) return this
    const merged = this.#raw.merge(other)
    return new RedactedResource(() => merged, merged.schemaUrl, this.#redactor, this.#own)
  }

  #withOwn(redacted: Attributes): Attributes {
    const attributes = { ...redacted }
    for (const [key, value] of Object.entries(this.#own)) {
      if (value === undefined) delete attributes[key]
      else attributes[key] = value
    }
    return attributes
  }
}

const remote = ['container', 'aws', 'gcp', 'azure', 'alibaba'] as const
const everything = ['env', 'host', 'os', 'process', 'serviceinstance', ...remote]

/** Opt-in: these read cgroup files or ask a metadata service, which can take seconds; exports wait for them, the app does not. */
function detectRemote(chosen: ReadonlySet<string>): DetectedAttributes {
  const names = remote.filter(name => chosen.has(name))
  return names.length > 0 ? loadChunk('detectors').detect(names) : {}
}

function isPromise(value: unknown): value is Promise<AttributeValue | undefined> {
  return typeof (value as Promise<unknown> | null | undefined)?.then === 'function'
}

/** Values of `host.arch`, https://opentelemetry.io/docs/specs/semconv/resource/host/ */
function architecture(): string {
  const names: Record<string, string> = { x64: 'amd64', arm: 'arm32', ppc: 'ppc32', ia32: 'x86' }
  return names[process.arch] ?? process.arch
}

/** Values of `os.type`, https://opentelemetry.io/docs/specs/semconv/resource/os/ */
function osType(): string {
  const names: Record<string, string> = { win32: 'windows', sunos: 'solaris' }
  return names[process.platform] ?? process.platform
}

function randomUuid(): string {
  return (require('node:crypto') as typeof Crypto).randomUUID()
}
