/** Resolves references between objects by name. Reports objects that nothing refers to, which would otherwise be dropped silently. */
import type { Path } from '../../../shared/config/checked-file'
import type { Condition, Policy } from './alerts'
import type { Metadata, OpenSloObject } from './documents'

/** Why objects of a kind are not imported. */
const elsewhere: Readonly<Record<string, string>> = {
  Service: 'a file of SLOs has nothing but the name of its service',
  DataSource: 'afn-otel.config.yaml and the environment say where Prometheus is',
  AlertNotificationTarget: 'alerts-config.yaml says where alerts go',
}

/** The kinds that reference keys point to. */
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

  /** Marks everything that an object refers to, directly or indirectly, as used, even if the object itself is refused. */
  follow(object: OpenSloObject): void {
    if (this.#used.has(object)) return
    this.#used.add(object)
    for (const [kind, name] of referencesIn(object)) {
      const found = this.find(kind, name)
      if (found) this.follow(found)
    }
  }

  /** Resolves a policy with its condition; undefined if one of them is missing from the files, which is reported. */
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
      // nothing is lost of a service that only has a name
      if (elsewhere[kind] !== undefined && (kind !== 'Service' || extras)) leftOut(elsewhere[kind])
      else if (kind !== 'Service' && !this.#used.has(object)) leftOut('no SLO of these files refers to it')
      else if (extras) object.remark('changed', ['metadata'], `${extras} of the ${kind} "${name}" is left out`)
    }
  }
}

/** The fields of an object that an SLO cannot hold; undefined if there are none. */
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
