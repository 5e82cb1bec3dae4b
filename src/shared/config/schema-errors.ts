/** Which of the errors of ajv are the mistakes of whoever wrote the file. */
import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Schema } from './schema-words'

const ALTERNATIVES = new Set(['oneOf', 'anyOf'])

/**
 * Of a place that may hold one of several things, the mistakes of the one that was meant: of the alternative that has the fewest, where
 * those that are of another type altogether do not count. Where all are, the mistake is that none of them stands there.
 */
export function leading(errors: readonly ErrorObject[]): ErrorObject[] {
  const outer = errors.filter(({ keyword }) => ALTERNATIVES.has(keyword))
  // a schema that says in words what is right needs no other sentence; `if` only leads to its branch, and what is wrong with a name of
  // a key is the mistake of its map
  let rest = errors.filter(({ keyword, propertyName }) => keyword !== 'if' && propertyName === undefined)
  for (const error of outer) {
    const below = (one: ErrorObject): boolean =>
      one !== error &&
      (one.instancePath === error.instancePath || one.instancePath.startsWith(`${error.instancePath}/`)) &&
      isBranchOf(one, error)
    const children = rest.filter(below)
    if (children.length === 0) continue
    const meant = meantBranch(children, error)
    rest = rest.filter(one => !children.includes(one) || meant.includes(one))
    if (meant.length > 0) rest = rest.filter(one => one !== error)
  }
  return rest
}

/** Ajv names a schema behind `$ref` by its own place: then what it refuses at the same value or below is taken for the branch's. */
const isBranchOf = (one: ErrorObject, outer: ErrorObject): boolean =>
  one.schemaPath.startsWith(`${outer.schemaPath}/`) || !one.schemaPath.startsWith('#/properties')

function meantBranch(children: readonly ErrorObject[], outer: ErrorObject): ErrorObject[] {
  if ((outer.parentSchema as Schema)['x-takes'] !== undefined) return []
  const branches = new Map<string, ErrorObject[]>()
  for (const child of children) {
    const branch = branchOf(child.schemaPath, outer.schemaPath)
    branches.set(branch, [...(branches.get(branch) ?? []), child])
  }
  const fitting = [...branches.values()].filter(
    errors => !errors.some(error => error.instancePath === outer.instancePath && NOT_MEANT.has(error.keyword)),
  )
  return fitting.toSorted((a, b) => a.length - b.length)[0] ?? []
}

/** What refuses the kind of a value, and not a part of it. */
const NOT_MEANT = new Set(['type', 'const', 'enum', 'required'])

const branchOf = (schemaPath: string, outer: string): string =>
  schemaPath.startsWith(`${outer}/`)
    ? schemaPath.slice(outer.length + 1).split('/', 1)[0]!
    : schemaPath.split('/').slice(0, 3).join('/')
