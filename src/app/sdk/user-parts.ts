// The options of NodeSDK as parts of a telemetry. What can't be used is left out, and said.
import type { ContextManager, TextMapPropagator } from '@opentelemetry/api'
import { detectResources, emptyResource, type Resource } from '@opentelemetry/resources'
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import type { IMetricReader, ViewOptions } from '@opentelemetry/sdk-metrics'
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import type { Sampler, SpanExporter, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Settings } from '../../shared/config/settings'
import { report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import type { WaitingRoom } from '../llm/spans/waiting-room'
import type { Sink } from './sink'
import type { SpanCopy } from './span-copy'
import { UserLogProcessors } from './user-log-processors'
import { UserSpanProcessors } from './user-span-processors'

/** What somebody who configures in code brings. Processors and readers get redacted telemetry, the resource is redacted. */
export interface UserParts {
  readonly resource?: Resource | undefined
  /** The name of the service that wins over every other. */
  readonly serviceName?: string | undefined
  readonly sampler?: Sampler | undefined
  readonly spanLimits?: SpanLimits | undefined
  /** `null`: none is registered. */
  readonly propagator?: TextMapPropagator | null | undefined
  readonly contextManager?: ContextManager | undefined
  readonly views?: readonly ViewOptions[] | undefined
  /** In the place of our delivery, as the next two. Functions make both, and the stage of the user's model of names, since the preload has none and need not carry them. */
  readonly spanProcessors?: ((redactor: Redactor) => UserSpanProcessors) | undefined
  readonly logRecordProcessors?: ((redactor: Redactor) => UserLogProcessors) | undefined
  readonly metricReaders?: readonly IMetricReader[] | undefined
  readonly ner?: ((redactor: Redactor, next: Sink<SpanCopy>, room: WaitingRoom) => Sink<SpanCopy>) | undefined
}

/** Options of NodeSDK before 0.300, deprecated there. */
interface SingleParts {
  readonly spanProcessor?: SpanProcessor
  readonly logRecordProcessor?: LogRecordProcessor
  readonly metricReader?: IMetricReader
}

type Options = Partial<NodeSDKConfiguration> & SingleParts

const known: Record<keyof NodeSDKConfiguration | keyof SingleParts, true> = {
  autoDetectResources: true,
  contextManager: true,
  idGenerator: true,
  instrumentations: true,
  logRecordProcessor: true,
  logRecordProcessors: true,
  metricReader: true,
  metricReaders: true,
  resource: true,
  resourceDetectors: true,
  sampler: true,
  serviceName: true,
  spanLimits: true,
  spanProcessor: true,
  spanProcessors: true,
  textMapPropagator: true,
  traceExporter: true,
  views: true,
}

/** What each part is recognised by: something else in its place would throw in the middle of the app. */
const methods = {
  spanProcessors: ['onStart', 'onEnd', 'forceFlush', 'shutdown'],
  logRecordProcessors: ['onEmit', 'forceFlush', 'shutdown'],
  metricReaders: ['setMetricProducer', 'collect', 'forceFlush', 'shutdown'],
  resource: ['getRawAttributes', 'merge'],
  sampler: ['shouldSample'],
  traceExporter: ['export', 'shutdown'],
  contextManager: ['active', 'with', 'bind', 'enable', 'disable'],
  textMapPropagator: ['inject', 'extract', 'fields'],
} as const

/**
 * @param code settings that the app passes in code
 * @param batched puts an exporter of spans behind a batch processor of OpenTelemetry
 */
export function userParts(
  options: Options,
  code: Partial<Settings>,
  batched: (exporter: SpanExporter) => SpanProcessor,
): UserParts {
  const unknown = Object.keys(options).filter(name => !Object.hasOwn(known, name))
  if (unknown.length > 0) leftOut(`${unknown.join(', ')}: afnNodeSDK() has no such option`)
  const { resourceDetectors, autoDetectResources } = options
  const exporter = usable('traceExporter', options.traceExporter)
  const detected =
    resourceDetectors && autoDetectResources !== false ? detectResources({ detectors: resourceDetectors }) : undefined
  const resource = usable('resource', options.resource)
  const spanProcessors =
    usableOnes('spanProcessors', options.spanProcessors, options.spanProcessor) ?? (exporter && [batched(exporter)])
  const logProcessors = usableOnes('logRecordProcessors', options.logRecordProcessors, options.logRecordProcessor)
  return {
    resource: detected ? (resource ?? emptyResource()).merge(detected) : resource,
    serviceName: options.serviceName ?? code.serviceName,
    sampler: usable('sampler', options.sampler),
    spanLimits: options.spanLimits,
    propagator: options.textMapPropagator === null ? null : usable('textMapPropagator', options.textMapPropagator),
    contextManager: usable('contextManager', options.contextManager),
    views: options.views,
    spanProcessors: spanProcessors && (redactor => new UserSpanProcessors(spanProcessors, redactor)),
    logRecordProcessors: logProcessors && (redactor => new UserLogProcessors(logProcessors, redactor)),
    metricReaders: usableOnes('metricReaders', options.metricReaders, options.metricReader),
  }
}

/** @param one the option for a single one */
function usableOnes<T>(
  name: keyof typeof methods,
  list: readonly T[] | undefined,
  one: T | undefined,
): T[] | undefined {
  const parts = list ?? (one && [one])
  return parts && [...parts].filter(part => usable(name, part) !== undefined)
}

function usable<T>(name: keyof typeof methods, part: T | undefined): T | undefined {
  if (part === undefined || part === null) return undefined
  const missing = methods[name].filter(method => typeof (part as Record<string, unknown>)[method] !== 'function')
  if (missing.length === 0) return part
  leftOut(`${name}: ${missing.map(method => `${method}()`).join(', ')} is missing`)
  return undefined
}

function leftOut(what: string): void {
  report('AFN113', `${what}; it is left out`)
}
