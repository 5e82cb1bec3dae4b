// The series of call metrics: attribute sets, one shared object per series, limited in number, and counters for them.
import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ERROR_TYPE_VALUE_OTHER,
} from '../../../../../semconv'
import type { Call } from '../../call'
import type { LlmSpan } from '../../spans/span'

/** Duration of the span in seconds. */
export function secondsOf({ startTime: from, endTime: to }: Pick<LlmSpan, 'startTime' | 'endTime'>): number {
  return Math.max(0, to[0] - from[0] + (to[1] - from[1]) / 1e9)
}

/** Maximum series of all kinds; random combinations of values cannot use more memory than this. */
const mostSeries = 20_000

/** A set of attributes, with child nodes for sets with one more attribute. The same values in the same order return the same object. */
export class SeriesNode {
  readonly #more = new Map<unknown, SeriesNode>()

  /** Frozen, so that the series key is serialized only once; see `src/app/sdk/measurements.ts`. */
  readonly attributes: Attributes

  private constructor(
    attributes: Attributes,
    private readonly room: { left: number; readonly overflow?: SeriesNode },
  ) {
    this.attributes = Object.freeze(attributes)
  }

  static root(): SeriesNode {
    // the attribute that the SDK uses beyond its own limit
    const overflow = new SeriesNode({ 'otel.metric.overflow': true }, { left: 0 })
    return new SeriesNode({}, { left: mostSeries, overflow })
  }

  /** Returns this series if there is no value. */
  with(key: string, value: string | number | undefined): SeriesNode {
    if (value === undefined) return this
    const known = this.#more.get(value)
    if (known) return known
    if (this.room.left <= 0) return this.room.overflow ?? this
    this.room.left--
    const made = new SeriesNode({ ...this.attributes, [key]: value }, this.room)
    this.#more.set(value, made)
    return made
  }
}

/** Maximum unknown values: a model name may come from an app's users, and each one creates new series. */
const mostUnknown = 50
/** Maximum values known to a price table: it also matches models by prefix, so their number needs a limit too. */
const mostKnown = 500

/** Limits the number of different values of a metric attribute. Used for each attribute whose values come from other code. */
export class CardinalityLimiter {
  readonly #known = new Set<string>()
  readonly #unknown = new Set<string>()

  /** @param other replaces all values beyond the limits */
  constructor(private readonly other = 'other') {}

  /**
   * Returns the value or its replacement; undefined if it is not text.
   * @param isKnown whether a price table knows the value; unknown values cannot displace known ones
   */
  limit(value: unknown, isKnown = false): string | undefined {
    if (typeof value !== 'string') return undefined
    if (isKnown && this.#known.size < mostKnown) this.#known.add(value)
    if (this.#known.has(value)) return value
    if (this.#unknown.size < mostUnknown) this.#unknown.add(value)
    return this.#unknown.has(value) ? value : this.other
  }
}

/**
 * A counter that costs one addition per call. OpenTelemetry's counter hashes all attributes on each `add`, which takes 2 µs of the app's
 * time, eight times per call. This one keeps the sum and is read when metrics are collected; the exported sum is the same and monotonic.
 * @returns a function that adds to the series of these attributes, which are compared by identity, as for those of a `SeriesNode`
 */
export function createSum(
  meter: Meter,
  name: string,
  options: MetricOptions,
): (amount: number, of: Attributes) => void {
  const sums = new Map<Attributes, number>()
  meter.createObservableCounter(name, options).addCallback(result => {
    for (const [attributes, sum] of sums) result.observe(sum, attributes)
  })
  return (amount, of) => void sums.set(of, (sums.get(of) ?? 0) + amount)
}

/** The series of a call. Every attribute has a bounded number of values. */
export interface CallSeries {
  /** Attributes: operation, provider and the requested model. */
  readonly brief: SeriesNode
  /** Also has the answering model and the server, as OpenTelemetry's own metrics do. */
  readonly full: SeriesNode
  /** `error.type` if the call failed. */
  readonly error: string | undefined
}

/** Receives `error.type` separately, because it is known last. */
export function createCallSeries(): (call: Call, error: unknown, failed: boolean) => CallSeries {
  const root = SeriesNode.root()
  const operations = new CardinalityLimiter()
  const providers = new CardinalityLimiter()
  const models = new CardinalityLimiter()
  const servers = new CardinalityLimiter()
  const errors = new CardinalityLimiter(ERROR_TYPE_VALUE_OTHER)

  return (call, error, failed) => {
    const priced = call.cost !== undefined
    const brief = root
      .with(ATTR_GEN_AI_OPERATION_NAME, operations.limit(call.operation))
      .with(ATTR_GEN_AI_PROVIDER_NAME, providers.limit(call.provider))
      .with(ATTR_GEN_AI_REQUEST_MODEL, models.limit(call.requestModel, priced))
    const server = servers.limit(call.serverAddress)
    const full = brief
      .with(ATTR_GEN_AI_RESPONSE_MODEL, models.limit(call.responseModel, priced))
      .with(ATTR_SERVER_ADDRESS, server)
      // a server address that is left out must not leave its port behind
      .with(ATTR_SERVER_PORT, server === call.serverAddress ? call.serverPort : undefined)
    return { brief, full, error: failed ? (errors.limit(error) ?? ERROR_TYPE_VALUE_OTHER) : undefined }
  }
}
