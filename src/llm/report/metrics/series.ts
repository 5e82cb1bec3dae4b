// Attributes of metrics, one object a series. Called by `call-series.ts`, which has bounded each value by itself.
import type { Attributes } from '@opentelemetry/api'

/** All kinds of series of all calls together; one that combines values at random can't take more memory than this. */
const most = 20_000

/** Attributes, and under them those with one more. The same values in the same order are the same object. */
export class Series {
  readonly #more = new Map<unknown, Series>()

  /** Frozen, so that what names the series is written out once, see `hash-attributes.ts`. */
  readonly attributes: Attributes

  private constructor(
    attributes: Attributes,
    private readonly room: { left: number; readonly overflow?: Series },
  ) {
    this.attributes = Object.freeze(attributes)
  }

  static root(): Series {
    // as the SDK has it for what is beyond its own limit
    const overflow = new Series({ 'otel.metric.overflow': true }, { left: 0 })
    return new Series({}, { left: most, overflow })
  }

  /** This series where there is no value. */
  with(key: string, value: string | number | undefined): Series {
    if (value === undefined) return this
    const known = this.#more.get(value)
    if (known) return known
    if (this.room.left <= 0) return this.room.overflow ?? this
    this.room.left--
    const made = new Series({ ...this.attributes, [key]: value }, this.room)
    this.#more.set(value, made)
    return made
  }
}
