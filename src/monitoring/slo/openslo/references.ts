/** Objects that others refer to by name. Those to which nothing refers are said: nobody would miss them otherwise. */
import type { Path } from '../../../shared/config/checked-file'
import type { Condition, Policy } from './alerts'
import type { Metadata, OpenSloObject } from './documents'

/** Why there is nothing to import of a kind. */
const elsewhere: Readonly<Record<string, string>> = {
  Service: 'a file of SLOs has nothing but the name of its service',
  DataSource: 'afn-otel.config.yaml and the environment say where Prometheus is',
  AlertNotificationTarget: 'alerts-config.yaml says where alerts go',
}

/** What the keys that end so refer to. */
const kinds: Readonly<Record<string, string>> = {
  indicatorRef: 'SLI',
  alertPolicyRef: 'AlertPolicy',
  conditionRef: 'AlertCondition',
  targetRef: 'AlertNotificationTarget',
  metricSourceRef: 'DataSource',
}

export class References {
  readonly #objects: readonly OpenSloObject[]
  readonly #used = new Set<OpenSloObject>()

  constructor(objects: readonly OpenSloObject[]) {
    this.#objects = objects
  }

  find(kind: string, name: string): OpenSloObject | undefined {
    return this.#objects.find(object => object.kind === kind && object.name === name)
  }

  /** Whatever an object refers to, and what that refers to, is in use, also where the object itself is refused. */
  follow(object: OpenSloObject): void {
    if (this.#used.has(object)) return
    this.#used.add(object)
    for (const [kind, name] of referencesIn(object)) {
      const found = this.find(kind, name)
      if (found) this.follow(found)
    }
  }

  /** With its condition in its place; undefined where one of them is in none of the files, which is said. */
  policy(inline: Policy | { readonly alertPolicyRef: string }, from: OpenSloObject, at: Path): Policy | undefined {
    const policy = 'alertPolicyRef' in inline ? this.#policyNamed(inline.alertPolicyRef, from, at) : inline
    const [condition] = policy?.spec.conditions ?? []
    if (!policy || !condition || !('conditionRef' in condition)) return policy
    const found = this.#named('AlertCondition', String(condition.conditionRef), from, at)
    return found && { ...policy, spec: { ...policy.spec, conditions: [{ spec: found.spec as Condition }] } }
  }

  #policyNamed(name: string, from: OpenSloObject, at: Path): Policy | undefined {
    const found = this.#named('AlertPolicy', name, from, at)
    return found && { kind: 'AlertPolicy', metadata: found.metadata, spec: found.spec as Policy['spec'] }
  }

  #named(kind: string, name: string, from: OpenSloObject, at: Path): OpenSloObject | undefined {
    const found = this.find(kind, name)
    if (!found) from.remark('changed', at, `the ${kind} "${name}" is in none of the files; the policy is left out`)
    return found
  }

  remarkOnRest(): void {
    for (const object of this.#objects) {
      const { kind, name } = object
      const extras = extrasOf(object)
      const leftOut = (why: string) => object.remark('changed', [], `the ${kind} "${name}" is left out: ${why}`)
      if (kind === 'SLO') continue
      // of a service with nothing but a name, nothing is lost
      if (elsewhere[kind] !== undefined && (kind !== 'Service' || extras)) leftOut(elsewhere[kind])
      else if (kind !== 'Service' && !this.#used.has(object)) leftOut('no SLO of these files refers to it')
      else if (extras) object.remark('changed', ['metadata'], `${extras} of the ${kind} "${name}" is left out`)
    }
  }
}

/** What stands in an object that its SLO has no place for; undefined for nothing. */
export function extrasOf({
  metadata,
  spec,
}: {
  readonly metadata: Metadata
  readonly spec: unknown
}): string | undefined {
  const { name: _, ...others } = metadata
  const { description } = spec as { readonly description?: string }
  const extras = [...Object.keys(others), ...(description === undefined ? [] : ['description'])]
  return extras.length > 0 ? extras.join(', ') : undefined
}

function* referencesIn({ kind, spec }: OpenSloObject): Generator<[kind: string, name: string]> {
  if (kind === 'SLO') yield ['Service', String((spec as { service?: unknown }).service)]
  const rest: unknown[] = [spec]
  while (rest.length > 0) {
    const value = rest.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, below] of Object.entries(value)) {
      const of = kinds[key]
      if (of !== undefined && typeof below === 'string') yield [of, below]
      else rest.push(below)
    }
  }
}
