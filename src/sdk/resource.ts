// Describes the process that sends. Called by `start.ts`. Everything in it is redacted before any provider sees it.
import { randomUUID } from 'node:crypto'
import os from 'node:os'
import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { SDK_INFO } from '@opentelemetry/core'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { ATTR_AFN_REDACTION_KEY_ID, ATTR_AFN_REDACTION_RULES } from '../../semconv'
import { loadChunk } from '../chunks'
import type { Settings } from '../config/settings'
import { version } from '../version'
import type { SdkRedactor } from './redactor'

/** A value, or the promise of one from a detector that has to ask the network. */
type Detected = Record<string, AttributeValue | undefined | Promise<AttributeValue | undefined>>

export interface App {
  readonly name?: string
  readonly version?: string
}

/**
 * Attributes by OpenTelemetry's resource conventions. The command line is left out on purpose: it carries secrets.
 * @param app what package.json says; its name is the service name when no setting gives one
 * @param redact called once for each attribute
 */
export function createResource(
  settings: Settings,
  app: App,
  { keyId, rules }: Pick<SdkRedactor, 'keyId' | 'rules'>,
  redact: Redact,
): Resource {
  const chosen = new Set<string>(settings.resourceDetectors.includes('all') ? everything : settings.resourceDetectors)
  const detected: Detected = {
    ...SDK_INFO,
    'telemetry.distro.name': '@afn/otel',
    'telemetry.distro.version': version,
    'service.name': app.name ?? 'unknown_service:node',
    'service.version': app.version,
    ...(chosen.has('serviceinstance') && { 'service.instance.id': randomUUID() }),
    ...(chosen.has('host') && { 'host.name': os.hostname(), 'host.arch': architecture() }),
    ...(chosen.has('os') && { 'os.type': osType(), 'os.version': os.release() }),
    ...(chosen.has('process') && {
      'process.pid': process.pid,
      'process.executable.path': process.execPath,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
    }),
    ...(keyId && { [ATTR_AFN_REDACTION_KEY_ID]: keyId }),
    ...detectRemote(chosen),
    ...(chosen.has('env') && settings.resourceAttributes),
    ...(settings.serviceName && { 'service.name': settings.serviceName }),
    // last, and undefined where it isn't so: nobody else can say this
    [ATTR_AFN_REDACTION_RULES]: rules,
  }
  return new RedactedResource(resourceFromAttributes(detected), redact)
}

type Redact = (key: string, value: unknown) => unknown

/** Redacts when somebody looks, at the first export: not during the start. Nothing in it can be had unredacted. */
class RedactedResource implements Resource {
  readonly #raw: Resource
  readonly #redact: Redact
  #settled: Attributes | undefined

  constructor(raw: Resource, redact: Redact) {
    this.#raw = raw
    this.#redact = redact
  }

  get attributes(): Attributes {
    if (this.#settled) return this.#settled
    const attributes: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(this.#raw.attributes)) attributes[key] = this.#redact(key, value)
    if (!this.#raw.asyncAttributesPending) this.#settled = attributes as Attributes
    return attributes as Attributes
  }

  get asyncAttributesPending(): boolean {
    return this.#raw.asyncAttributesPending ?? false
  }

  async waitForAsyncAttributes(): Promise<void> {
    await this.#raw.waitForAsyncAttributes?.()
  }

  getRawAttributes(): ReturnType<Resource['getRawAttributes']> {
    return this.#raw
      .getRawAttributes()
      .map(([key, value]) => [
        key,
        (isPromise(value) ? value.then(later => this.#redact(key, later)) : this.#redact(key, value)) as AttributeValue,
      ])
  }

  merge(other: Resource | null): Resource {
    return other === null ? this : new RedactedResource(this.#raw.merge(other), this.#redact)
  }
}

const remote = ['container', 'aws', 'gcp', 'azure', 'alibaba'] as const
const everything = ['env', 'host', 'os', 'process', 'serviceinstance', ...remote]

/** Opt-in: these read cgroup files or ask a metadata service, which can take seconds; exports wait for them, the app does not. */
function detectRemote(chosen: ReadonlySet<string>): Detected {
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
