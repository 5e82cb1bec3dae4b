export type Label = readonly [name: string, value: string]

export const METRIC = '__name__'
/** The labels that identify the metric; computed values lose them. */
export const metricLabels: readonly string[] = [METRIC, '__type__', '__unit__']
const ofMetric = new Set(metricLabels)

/** The labels of a series, sorted by name. An empty value means that the label is missing. Two sets are equal if their keys are. */
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

  /** Empty if the label is missing. */
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

  /** Written as a selector. */
  toString(): string {
    const name = this.get(METRIC)
    const others = this.#pairs
      .filter(pair => pair[0] !== METRIC)
      .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    return others.length === 0 && name !== '' ? name : `${name}{${others.join(', ')}}`
  }
}

/** Prometheus' order of series in a result. */
export function compareLabels(a: Labels, b: Labels): number {
  for (let at = 0; at < a.pairs.length && at < b.pairs.length; at++) {
    const [[nameA, valueA], [nameB, valueB]] = [a.pairs[at]!, b.pairs[at]!]
    const order = compareTexts(nameA, nameB) || compareTexts(valueA, valueB)
    if (order !== 0) return order
  }
  return a.pairs.length - b.pairs.length
}

/** Compares by code point, which equals the order of UTF-8 bytes. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) return a.codePointAt(at)! - b.codePointAt(at)!
  }
  return a.length - b.length
}
