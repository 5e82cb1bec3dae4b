export type Label = readonly [name: string, value: string]

export const METRIC = '__name__'
/** What says which metric a series is of. A computed value is of none. */
export const metricLabels: readonly string[] = [METRIC, '__type__', '__unit__']
const ofMetric = new Set(metricLabels)

/** The labels of one series, sorted by name. A label without a value is none. Two sets are equal when their keys are. */
export class Labels {
  static readonly none = new Labels([])

  readonly #pairs: readonly Label[]
  #key: string | undefined

  private constructor(pairs: readonly Label[]) {
    this.#pairs = pairs
  }

  static of(pairs: Iterable<Label>): Labels {
    const known = new Map<string, string>()
    for (const [name, value] of pairs) known.set(name, value)
    const there = [...known].filter(([, value]) => value !== '')
    return there.length === 0 ? Labels.none : new Labels(there.sort(([a], [b]) => compareTexts(a, b)))
  }

  get pairs(): readonly Label[] {
    return this.#pairs
  }

  get key(): string {
    this.#key ??= JSON.stringify(this.#pairs)
    return this.#key
  }

  /** Empty where there is none. */
  get(name: string): string {
    for (const pair of this.#pairs) if (pair[0] === name) return pair[1]
    return ''
  }

  only(names: ReadonlySet<string>): Labels {
    return this.#filter(name => names.has(name))
  }

  without(names: ReadonlySet<string>): Labels {
    return this.#filter(name => !names.has(name))
  }

  get withoutName(): Labels {
    return this.#filter(name => !ofMetric.has(name))
  }

  with(changes: Iterable<Label>): Labels {
    return Labels.of([...this.#pairs, ...changes])
  }

  #filter(isKept: (name: string) => boolean): Labels {
    const kept = this.#pairs.filter(([name]) => isKept(name))
    return kept.length === this.#pairs.length ? this : new Labels(kept)
  }

  /** As a query would select them. */
  toString(): string {
    const name = this.get(METRIC)
    const others = this.#pairs
      .filter(pair => pair[0] !== METRIC)
      .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    return others.length === 0 && name !== '' ? name : `${name}{${others.join(', ')}}`
  }
}

/** The order in which Prometheus lists series. */
export function compareLabels(a: Labels, b: Labels): number {
  for (let at = 0; at < a.pairs.length && at < b.pairs.length; at++) {
    const [[nameA, valueA], [nameB, valueB]] = [a.pairs[at]!, b.pairs[at]!]
    const order = compareTexts(nameA, nameB) || compareTexts(valueA, valueB)
    if (order !== 0) return order
  }
  return a.pairs.length - b.pairs.length
}

/** By code points, which is the order of UTF-8's bytes. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) return a.codePointAt(at)! - b.codePointAt(at)!
  }
  return a.length - b.length
}
