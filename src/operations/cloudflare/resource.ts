// What a plan has to know of a kind of resource of Cloudflare's.
import { createHash } from 'node:crypto'
import type { PermissionName } from './scopes'

/** What of a resource is another than wanted. */
export interface Difference {
  /** As Cloudflare names it, with a dot for what is inside. */
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

/** A resource as others refer to it before it has an id. */
export interface Reference {
  readonly kind: string
  readonly name: string
}

export const keyOf = ({ kind, name }: Reference): string => `${kind} ${name}`

/** @returns undefined for what is not made yet */
export type IdOf = (reference: Reference) => string | undefined

/** What has no id yet, where a plan shows it. */
export const LATER = '(known after apply)'

export interface DesiredResource {
  /** One name is for one resource of a kind. */
  readonly name: string
}

export interface Adapter<W extends DesiredResource, F> {
  /** Such as `health check`. */
  readonly kind: string
  readonly permission: PermissionName
  /** All that the zone or the account has, also what others have made. */
  read(): Promise<readonly F[]>
  idOf(found: F): string
  nameOf(found: F): string
  /** A text that is greater for what was made later; empty where nobody knows. */
  createdOf(found: F): string
  /** Whether this command has made it: nothing else is ever deleted. Undefined where that cannot be seen. */
  isOurs(found: F): boolean | undefined
  /** Whether it does what is wanted, though somebody else has made it: then it is used as it is. */
  isEqual(wanted: W, found: F, idOf: IdOf): boolean
  /** Of the fields that `wanted` is about, and no others: Cloudflare fills in defaults. */
  differences(wanted: W, found: F, idOf: IdOf): readonly Difference[]
  /** What has to be there before. */
  needs(wanted: W): readonly Reference[]
  /** Why it cannot be had here, where that is known before it is tried. */
  unavailable(wanted: W): string | undefined
  /** Why another's of the same name must not be changed. Default: it may be. */
  keepsOff?(found: F): string
  /** @returns the id */
  create(wanted: W, idOf: IdOf): Promise<string>
  update(found: F, wanted: W, idOf: IdOf): Promise<void>
  remove(id: string): Promise<void>
}

/** In the description of what has one. */
export const markOf = (service: string): string => `made by afn-otel (${service})`

/** Eight hexadecimal digits that differ from secret to secret: Cloudflare never shows a secret again, so nothing else can be compared. */
export const fingerprintOf = (...secrets: readonly string[]): string =>
  createHash('sha256').update(secrets.join('\n')).digest('hex').slice(0, 8)

/** Compares by value; lists are sets, and what is undefined, null or an empty list or object is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b))
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => JSON.stringify(normal(item)) ?? 'null').toSorted()
    return items.length > 0 ? items : undefined
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, normal(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

/** @returns a difference for each field of `wanted` that `found` has not so; fields of objects one by one */
export function differencesOf(wanted: object, found: object, prefix = ''): Difference[] {
  return Object.entries(wanted).flatMap(([name, to]) => {
    const from = (found as Record<string, unknown>)[name]
    const isObject = typeof to === 'object' && to !== null && !Array.isArray(to)
    if (isObject && typeof from === 'object' && from !== null) return differencesOf(to, from, `${prefix}${name}.`)
    return isSame(to, from) ? [] : [{ field: `${prefix}${name}`, from, to }]
  })
}
