// The series of metrics of calls: attributes, one object a series, bounded in number, and sums of them.
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

/** How long the span was. */
export function secondsOf({ startTime: from, endTime: to }: Pick<LlmSpan, 'startTime' | 'endTime'>): number {
  return Math.max(0, to[0] - from[0] + (to[1] - from[1]) / 1e9)
}

/** All kinds of series of all calls together; one that combines values at random can't take more memory than this. */
const mostSeries = 20_000

/** Attributes, and under them those with one more. The same values in the same order are the same object. */
export class SeriesNode {
  readonly #more = new Map<unknown, SeriesNode>()

  /** Frozen, so that what names the series is written out once, see `src/app/sdk/measurements.ts`. */
  readonly attributes: Attributes

  private constructor(
    attributes: Attributes,
    private readonly room: { left: number; readonly overflow?: SeriesNode },
  ) {
    this.attributes = Object.freeze(attributes)
  }

  static root(): SeriesNode {
    // as the SDK has it for what is beyond its own limit
    const overflow = new SeriesNode({ 'otel.metric.overflow': true }, { left: 0 })
    return new SeriesNode({}, { left: mostSeries, overflow })
  }

  /** This series where there is no value. */
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

/** Values that nobody vouches for: a model name may come from an app's own users, and each one makes new series. */
const mostUnknown = 50
/** A price table vouches for models by rules that match beginnings too, so these have a bound as well. */
const mostKnown = 500

/** Keeps the number of different values of a metric attribute bounded. Called for each attribute that others write. */
export class CardinalityLimiter {
  readonly #known = new Set<string>()
  readonly #unknown = new Set<string>()

  /** @param other stands for all values beyond the bounds */
  constructor(private readonly other = 'other') {}

  /**
   * The value, or what stands for it; undefined for what is no text.
   * @param isKnown a price table knows it, so that values that nobody knows can't displace it
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
 * A counter that costs a call no more than an addition. OpenTelemetry's hashes all attributes on each `add`, 2 µs of an
 * application's time, eight times a call. This one adds up here and is read when metrics are collected; what is exported is
 * the same monotonic sum.
 * @returns adds to the series of these attributes, which are known by identity, as those of a `SeriesNode` are
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

/** The series that a call belongs to. No attribute may have values without end. */
export interface CallSeries {
  /** Operation, provider and the requested model. */
  readonly brief: SeriesNode
  /** With the model that answered, and the server: what OpenTelemetry's own metrics have. */
  readonly full: SeriesNode
  /** `error.type` where the call failed. */
  readonly error: string | undefined
}

/** Gets `error.type` beside the call, where that failed: it is known later than all else. */
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
      // a server that has no name of its own has no port of its own
      .with(ATTR_SERVER_PORT, server === call.serverAddress ? call.serverPort : undefined)
    return { brief, full, error: failed ? (errors.limit(error) ?? ERROR_TYPE_VALUE_OTHER) : undefined }
  }
}
