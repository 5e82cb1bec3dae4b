/**
 * The fields that each kind of entry must and may have, as a table. Called by `validate.ts` before anything else looks
 * at an entry, so that a slip in the YAML is told by file and field and not by a TypeError.
 */
import type { Kind } from './collect'

type Check = (value: unknown) => boolean

const text: Check = value => typeof value === 'string' && value.trim() !== ''
const list: Check = value => Array.isArray(value) && value.length > 0
const record: Check = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const oneOf =
  (...allowed: string[]): Check =>
  value =>
    allowed.includes(value as string)

const STABILITY = oneOf('development', 'alpha', 'beta', 'release_candidate', 'stable')
const TYPES = oneOf('string', 'int', 'double', 'boolean', 'string[]', 'any')
const members: Check = value => record(value) && list((value as { members?: unknown }).members)

interface Shape {
  readonly required: Readonly<Record<string, Check>>
  readonly optional: Readonly<Record<string, Check>>
}

const described = { brief: text, stability: STABILITY }
const annotated = { note: text, deprecated: record, annotations: record }
const refinement: Shape = {
  required: { id: text, ref: text, ...described },
  optional: { ...annotated, attributes: list },
}

const SHAPES: Readonly<Record<Kind, Shape>> = {
  attributes: {
    required: { key: text, type: value => TYPES(value) || members(value), ...described },
    optional: { ...annotated, examples: list },
  },
  attribute_groups: { required: { id: text, visibility: oneOf('internal'), attributes: list }, optional: {} },
  metrics: {
    required: {
      name: text,
      instrument: oneOf('counter', 'histogram', 'gauge', 'updowncounter'),
      unit: text,
      ...described,
    },
    optional: { ...annotated, attributes: list },
  },
  spans: {
    required: {
      type: text,
      kind: oneOf('client', 'server', 'producer', 'consumer', 'internal'),
      name: record,
      ...described,
    },
    optional: { ...annotated, attributes: list },
  },
  events: { required: { name: text, ...described }, optional: { ...annotated, attributes: list } },
  span_refinements: refinement,
  event_refinements: refinement,
}

const MEMBER: Shape = { required: { id: text, value: text, ...described }, optional: {} }

/** What is wrong with an entry's fields; empty when nothing is. */
export function shapeProblems(kind: Kind | 'members', entry: unknown): string[] {
  if (!record(entry)) return ['is not a mapping']
  const { required, optional } = kind === 'members' ? MEMBER : SHAPES[kind]
  const fields = entry as Record<string, unknown>
  const problems: string[] = []
  for (const [field, check] of Object.entries(required)) {
    if (!(field in fields)) problems.push(`has no "${field}"; it is required`)
    else if (!check(fields[field]))
      problems.push(`has a "${field}" that is not allowed: ${JSON.stringify(fields[field])}`)
  }
  for (const field of Object.keys(fields)) {
    if (field in required) continue
    const check = optional[field]
    if (!check) problems.push(`has an unknown field "${field}"; remove it`)
    else if (!check(fields[field]))
      problems.push(`has a "${field}" that is not allowed: ${JSON.stringify(fields[field])}`)
  }
  return problems
}
