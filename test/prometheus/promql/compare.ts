/** Two answers of Prometheus' HTTP API, and where they differ. */
type Sample = readonly [number, string]

export interface Answered {
  readonly status: number
  readonly body: {
    readonly status: string
    readonly errorType?: string
    readonly error?: string
    readonly data?: { readonly resultType: string; readonly result: unknown }
  }
}

interface Found {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: Sample
  readonly values?: readonly Sample[]
}

/** Relative. A difference that is tiny compared with the numbers of which it was computed counts as none. */
const PRECISION = 1e-9

function isSame(a: string, b: string): boolean {
  const [left, right] = [
    Number(a.replace('+Inf', 'Infinity').replace('-Inf', '-Infinity')),
    Number(b.replace('+Inf', 'Infinity').replace('-Inf', '-Infinity')),
  ]
  if (Object.is(left, right) || left === right) return true
  return Math.abs(left - right) <= PRECISION * Math.max(Math.abs(left), Math.abs(right), 1e-4)
}

/** @returns what differs; undefined: nothing */
export function difference(theirs: Answered, ours: Answered): string | undefined {
  if (theirs.body.status === 'error' || ours.body.status === 'error') {
    const outcome = ({ status, body }: Answered) => `${status} ${body.errorType ?? body.status}`
    if (outcome(theirs) === outcome(ours)) return undefined
    return `theirs: ${outcome(theirs)} ${theirs.body.error ?? ''}; ours: ${outcome(ours)} ${ours.body.error ?? ''}`
  }
  const [left, right] = [theirs.body.data!, ours.body.data!]
  if (left.resultType !== right.resultType) return `${left.resultType} and ${right.resultType}`
  if (left.resultType === 'scalar' || left.resultType === 'string') {
    const [a, b] = [left.result as Sample, right.result as Sample]
    const same = left.resultType === 'string' ? a[1] === b[1] : isSame(a[1], b[1])
    return same && a[0] === b[0] ? undefined : `${a} and ${b}`
  }
  return ofSeries(left.result as Found[], right.result as Found[])
}

function ofSeries(theirs: readonly Found[], ours: readonly Found[]): string | undefined {
  const byKey = (found: readonly Found[]) =>
    new Map(found.map(one => [JSON.stringify(Object.entries(one.metric).sort()), one.values ?? [one.value!]]))
  const [left, right] = [byKey(theirs), byKey(ours)]
  if (right.size !== ours.length) return 'two of our series have the same labels'
  for (const [key, samples] of left) {
    const other = right.get(key)
    if (!other) return `ours lacks ${key} of ${left.size} (it has ${[...right.keys()].slice(0, 2)} of ${right.size})`
    const byTime = new Map(other)
    for (const [time, value] of samples) {
      const found = byTime.get(time)
      if (found === undefined) return `ours lacks ${key} at ${time}: ${value}; ${samples.length} and ${other.length}`
      if (!isSame(value, found)) return `${key} at ${time}: theirs ${value}, ours ${found}`
    }
    if (other.length !== samples.length) return `ours has ${other.length} samples of ${key}, theirs ${samples.length}`
  }
  const more = [...right.keys()].find(key => !left.has(key))
  return more === undefined ? undefined : `ours has ${more} as well`
}
