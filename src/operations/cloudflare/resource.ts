// The interface between a plan and one kind of Cloudflare resource.
import { createHash } from 'node:crypto'
import type { PermissionName } from './scopes'

/** A field whose value differs from the desired one. */
export interface Difference {
  /** Cloudflare's name of the field, with dots for nested fields. */
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

/** Refers to a resource that may not have an id yet. */
export interface Reference {
  readonly kind: string
  readonly name: string
}

export const keyOf = ({ kind, name }: Reference): string => `${kind} ${name}`

/** @returns undefined if the resource does not exist yet */
export type IdOf = (reference: Reference) => string | undefined

/** Shown in a plan instead of an id that does not exist yet. */
export const LATER = '(known after apply)'

export interface DesiredResource {
  /** Unique among the resources of a kind. */
  readonly name: string
}

export interface Adapter<W extends DesiredResource, F> {
  /** Such as `health check`. */
  readonly kind: string
  readonly permission: PermissionName
  /** Reads all resources of the zone or account, including foreign ones. */
  read(): Promise<readonly F[]>
  idOf(found: F): string
  nameOf(found: F): string
  /** Sorts resources by creation time; empty if unknown. */
  createdOf(found: F): string
  /** Whether this command created it, because nothing else is ever deleted. Undefined if unknown. */
  isOurs(found: F): boolean | undefined
  /** Whether a foreign resource already does what is wanted, so that it can be used unchanged. */
  isEqual(wanted: W, found: F, idOf: IdOf): boolean
  /** Compares only fields of `wanted`, because Cloudflare fills in defaults. */
  differences(wanted: W, found: F, idOf: IdOf): readonly Difference[]
  /** Resources that have to exist first. */
  needs(wanted: W): readonly Reference[]
  /** Why it is not available here, if known in advance. */
  unavailable(wanted: W): string | undefined
  /** Why a foreign resource of the same name must not be changed. By default it may be. */
  keepsOff?(found: F): string
  /** @returns the id */
  create(wanted: W, idOf: IdOf): Promise<string>
  update(found: F, wanted: W, idOf: IdOf): Promise<void>
  remove(id: string): Promise<void>
}

/** The description of our resources, for kinds with a description. */
export const markOf = (service: string): string => `made by afn-otel (${service})`

/** Eight hexadecimal digits that identify secrets. They make changes visible, because Cloudflare never shows a secret again. */
export const fingerprintOf = (...secrets: readonly string[]): string =>
  createHash('sha256').update(secrets.join('\n')).digest('hex').slice(0, 8)

/** Compares by value. Lists are compared as sets; undefined, null, and empty lists and objects count as absent. */
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

/** @returns a difference for each field of `wanted` whose value in `found` is another; nested fields are compared one by one */
export function differencesOf(wanted: object, found: object, prefix = ''): Difference[] {
  return Object.entries(wanted).flatMap(([name, to]) => {
    const from = (found as Record<string, unknown>)[name]
    const isObject = typeof to === 'object' && to !== null && !Array.isArray(to)
    if (isObject && typeof from === 'object' && from !== null) return differencesOf(to, from, `${prefix}${name}.`)
    return isSame(to, from) ? [] : [{ field: `${prefix}${name}`, from, to }]
  })
}
