// What no tool of Prometheus sees in a set of rules: names and matchers that no series can have, and two producers of one record.
import type { Metrics } from './known'
import { read } from './promql'

export interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
}

export interface RuleFile {
  readonly path: string
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}

interface Setting {
  readonly known: Metrics
  /** Label → the values that it can have, where they are known. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

/** Sentences, one for each mistake; none where all is well. */
export function lint(files: readonly RuleFile[], { known, values }: Setting): string[] {
  const rules = files.flatMap(({ path, groups }) =>
    groups.flatMap(({ name, rules }) =>
      rules.map(rule => ({ ...rule, at: `${path} ${name} ${rule.alert ?? rule.record}` })),
    ),
  )
  const recorded = new Map<string, Set<string>>()
  for (const { record, labels = {} } of rules)
    if (record) recorded.set(record, new Set([...(recorded.get(record) ?? []), ...Object.keys(labels)]))
  return [
    ...duplicates(rules),
    ...rules.flatMap(({ at, expr }) => mistakesIn(expr, known, recorded, values).map(mistake => `${at}: ${mistake}`)),
  ]
}

/** Prometheus adds up what two rules record under one name and set of labels, or refuses it, by which comes first. */
function duplicates(rules: readonly (Rule & { at: string })[]): string[] {
  const first = new Map<string, string>()
  return rules.flatMap(({ record, alert, labels = {}, at }) => {
    const key = JSON.stringify([record ?? alert, Object.entries(labels).sort()])
    const other = first.get(key)
    if (other === undefined) first.set(key, at)
    return other === undefined ? [] : [`${at}: ${other} makes the same ${record ? 'record' : 'alert'}`]
  })
}

function mistakesIn(
  expr: string,
  known: Metrics,
  recorded: ReadonlyMap<string, Set<string>>,
  values: Setting['values'],
): string[] {
  const { selectors, labels, made } = read(expr)
  const has = new Set(made)
  // what a record has besides the labels of its rule depends on its expression, which was looked at where it is recorded
  let isOpen = false
  const mistakes = selectors.flatMap(({ metric, matchers }) => {
    if (metric !== undefined && recorded.has(metric)) {
      isOpen = true
      return []
    }
    const pattern = matchers.find(({ label }) => label === '__name__')
    const names = metric ? [metric] : matching(pattern?.value ?? '', known)
    const found = names.flatMap(name => [...(known.get(name) ?? [])])
    if (names.length === 0 || names.some(name => !known.has(name)))
      return [`nothing has the metric ${metric ?? pattern?.value}`]
    for (const label of found) has.add(label)
    return matchers.flatMap(({ label, operator, value }) => {
      if (label === '__name__') return []
      if (!found.includes(label)) return [`${metric ?? pattern?.value} has no label ${label}`]
      const possible = values[label]
      if (!possible || value === '' || operator.startsWith('!')) return []
      const isPossible =
        operator === '=' ? possible.includes(value) : possible.some(one => new RegExp(`^(?:${value})$`).test(one))
      return isPossible ? [] : [`${label} is never ${value}: there are ${possible.join(', ')}`]
    })
  })
  const unknown = isOpen ? [] : labels.filter(label => !has.has(label))
  return [...mistakes, ...unknown.map(label => `no series in it has the label ${label}`)]
}

const matching = (pattern: string, known: Metrics): string[] =>
  [...known.keys()].filter(name => new RegExp(`^(?:${pattern})$`).test(name))
