/** The rules that a registry must keep. Called by `generate.ts`; tested with registries that break each rule. */
import { collect, KINDS, type Kind, nameOf } from './collect'
import type { Attribute, Deprecated, Metric, Ref, Registry } from './model'
import { shapeProblems } from './shape'

/** Weaver's own rule, with a namespace. */
const KEY = /^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)+$/
const UNITS = [
  '1',
  's',
  '{token}',
  '{USD}',
  '{operation}',
  '{evaluation}',
  '{value}',
  '{match}',
  '{record}',
  'By',
  '{request}',
  '{event}',
  '{visit}',
  '{error}',
  '{load}',
  '{probe}',
  '{thread}',
  '{edit}',
  '{session}',
  '{inodes}',
  '{inference_call}',
  '{tool_call}',
]
const LEVELS = ['required', 'conditionally_required', 'recommended', 'opt_in']
/** Where a registry's names may stand. Upstream's namespaces are not ours to add to. */
const OURS = 'afn.'

/**
 * Throws one error with a line for every problem: `FILE: NAME: what is wrong; what to do`. A name that is an attribute
 * may also be a metric's namespace or the reverse: `afn.llm.cost` counts what `afn.llm.cost.total` says of one call.
 */
export function validate(registries: readonly Registry[]): void {
  const problems = shapes(registries)
  // the other rules read fields that a wrong shape may lack
  if (problems.length === 0) problems.push(...rules(registries))
  if (problems.length > 0) throw new Error(`the semconv registry is not valid:\n${problems.join('\n')}`)
}

function shapes(registries: readonly Registry[]): string[] {
  const problems: string[] = []
  for (const { path, content } of registries.flatMap(registry => registry.files)) {
    if (content.file_format !== 'definition/2')
      problems.push(`${path}: does not start with "file_format: definition/2"`)
    for (const field of Object.keys(content)) {
      if (field !== 'file_format' && !KINDS.includes(field as Kind)) problems.push(`${path}: unknown list "${field}"`)
    }
    for (const kind of KINDS) {
      const list: unknown = content[kind] ?? []
      if (!Array.isArray(list)) problems.push(`${path}: "${kind}" is not a list`)
      else for (const entry of list) problems.push(...entryShape(kind, entry).map(problem => `${path}: ${problem}`))
    }
  }
  return problems
}

function entryShape(kind: Kind, entry: unknown): string[] {
  const name = nameFor(entry, kind)
  const problems = shapeProblems(kind, entry)
  if (kind === 'attributes' && problems.length === 0) {
    const { type } = entry as Attribute
    if (typeof type !== 'string') problems.push(...type.members.flatMap(member => memberShape(member)))
  }
  return problems.map(problem => `${name}: ${problem}`)
}

function memberShape(member: unknown): string[] {
  return shapeProblems('members', member).map(problem => `member ${nameFor(member, 'without id')} ${problem}`)
}

function nameFor(entry: unknown, otherwise: string): string {
  const fields = (entry ?? {}) as { key?: unknown; id?: unknown; name?: unknown; type?: unknown }
  const name = [fields.key, fields.id, fields.name, fields.type].find(value => typeof value === 'string')
  return typeof name === 'string' ? name : `an entry of ${otherwise}`
}

function rules(registries: readonly Registry[]): string[] {
  const problems: string[] = []
  for (const kind of KINDS) {
    const placed = collect(registries, kind)
    const names = new Set(placed.map(({ entry }) => nameOf(entry)))
    for (const [index, { entry, registry, path }] of placed.entries()) {
      const name = nameOf(entry)
      const say = (problem: string) => problems.push(`${path}: ${name}: ${problem}`)
      if (!KEY.test(name))
        say(`is no name that OpenTelemetry allows; use lower case, dots between words: ${KEY.source}`)
      if (placed[index - 1] && nameOf(placed[index - 1]!.entry) === name) say('is defined twice; remove one')
      if (registry.manifest.dependencies && !name.startsWith(OURS))
        say(`is not ours to define; names begin with ${OURS}`)
      const namespace = namespaces(name).find(prefix => names.has(prefix))
      if (namespace && isPublic(kind)) say(`${namespace} is a name already and can't be a namespace; rename one`)
      if ('deprecated' in entry && entry.deprecated) deprecation(entry.deprecated, names).forEach(say)
      if (kind === 'attributes') members(entry as Attribute).forEach(say)
      if (kind === 'metrics') metric(entry as Metric).forEach(say)
      if ('ref' in entry && !defined(registries, kind).has(entry.ref)) say(`refines ${entry.ref}, which is not defined`)
      if ('attributes' in entry) refs(registries, entry.attributes ?? []).forEach(say)
    }
  }
  return [...problems, ...dependencies(registries)]
}

const isPublic = (kind: Kind) => kind === 'attributes' || kind === 'metrics' || kind === 'events'

function namespaces(name: string): string[] {
  const parts = name.split('.')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
}

function deprecation({ reason, renamed_to, note }: Deprecated, names: ReadonlySet<string>): string[] {
  if (!note) return ['is deprecated without a "note"; say what to use instead']
  if (reason !== 'renamed') return []
  if (!renamed_to) return ['is deprecated as renamed without "renamed_to"; name the successor']
  return names.has(renamed_to) ? [] : [`is renamed to ${renamed_to}, which is not defined; define it`]
}

function members({ type }: Attribute): string[] {
  if (typeof type === 'string') return []
  const ids = type.members.map(({ id }) => id)
  return ids.flatMap((id, index) => {
    if (!/^[a-z][a-z0-9_.]*$/.test(id)) return [`has a member with the id "${id}"; use lower case, digits, _ and dots`]
    return ids.indexOf(id) === index ? [] : [`has two members with the id "${id}"; remove one`]
  })
}

function metric({ unit, instrument, annotations }: Metric): string[] {
  const problems = UNITS.includes(unit) ? [] : [`has the unit "${unit}"; use one of ${UNITS.join(' ')}`]
  const buckets = annotations?.['afn.buckets']
  if (buckets) problems.push(...edges(buckets))
  if (instrument !== 'histogram' || buckets) return problems
  return [...problems, 'is a histogram without annotations.afn.buckets; add them']
}

function edges(buckets: readonly number[]): string[] {
  const rises = buckets.every((edge, index) => index === 0 || edge > buckets[index - 1]!)
  return rises ? [] : ['has buckets that do not rise; sort them']
}

function refs(registries: readonly Registry[], list: readonly Ref[]): string[] {
  const attributes = new Set(collect(registries, 'attributes').map(({ entry }) => entry.key))
  const groups = new Set(collect(registries, 'attribute_groups').map(({ entry }) => entry.id))
  return list.flatMap(({ ref, ref_group, requirement_level: level }) => {
    if (ref_group !== undefined)
      return groups.has(ref_group) ? [] : [`refers to the group ${ref_group}, which is not defined`]
    if (ref === undefined || !attributes.has(ref))
      return [`refers to ${ref}, which is not defined; add it to the registry`]
    const name = typeof level === 'object' ? Object.keys(level)[0] : level
    if (name !== undefined && !LEVELS.includes(name))
      return [`uses ${ref} at level "${name}"; use one of ${LEVELS.join(' ')}`]
    return []
  })
}

function defined(registries: readonly Registry[], kind: Kind): ReadonlySet<string> {
  const target = { span_refinements: 'spans', event_refinements: 'events' } as const
  return new Set(collect(registries, target[kind as keyof typeof target]).map(({ entry }) => nameOf(entry)))
}

function dependencies(registries: readonly Registry[]): string[] {
  const known = registries.map(({ manifest }) => manifest.schema_url)
  return registries.flatMap(({ path, manifest }) =>
    (manifest.dependencies ?? [])
      .filter(({ schema_url }) => !known.includes(schema_url))
      .map(({ schema_url }) => `${path}/manifest.yaml: depends on ${schema_url}, of which there is no copy beside it`),
  )
}
