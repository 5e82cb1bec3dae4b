/**
 * Which attributes there are, of which types: a query then reads no map for a key that is not in it, and looking into the maps of all spans
 * is what costs most.
 */
import type { AttributeScope } from '../store/columns'
import { attributeMaps } from '../store/schema'
import type { Store } from '../store/store'

export type StoredType = keyof typeof attributeMaps
/** `event`: of any event of a span. */
export type KeyScope = AttributeScope | 'event'

/** A span's attribute in a column of its own does not count. */
export interface KnownKeys {
  has(scope: KeyScope, key: string, type: StoredType): boolean
  /** Of any type; undefined when there are too many to know. */
  all(scope: AttributeScope): ReadonlySet<string> | undefined
}

/** The columns by which rows are numbered as they come. */
const numbers = { span: 'seq', resource: 'id', scope: 'id' } as const satisfies Record<AttributeScope, string>
const tables = { span: 'spans', resource: 'resources', scope: 'scopes' } as const satisfies Record<
  AttributeScope,
  string
>
const scopes = Object.keys(tables) as AttributeScope[]

/** With more, attributes are named by data: then any is taken for known. */
const most = 20_000

class Catalogue implements KnownKeys {
  private readonly keys = new Set<string>()
  private readonly seen: Record<AttributeScope, bigint> = { span: -1n, resource: -1n, scope: -1n }
  private update: Promise<unknown> = Promise.resolve()
  /** What the store had received when this was read. */
  private received = -1

  constructor(private readonly store: Store) {}

  has(scope: KeyScope, key: string, type: StoredType): boolean {
    return this.keys.size > most || this.keys.has(nameOf(scope, type, key))
  }

  all(scope: AttributeScope): ReadonlySet<string> | undefined {
    if (this.keys.size > most) return undefined
    const named = [...this.keys].map(name => name.split(' ')).filter(([of]) => of === scope)
    return new Set(named.map(([, , ...key]) => key.join(' ')))
  }

  /** Reads what came since. Resolves when all that was stored before the call is known. */
  refresh(): Promise<void> {
    const done = this.update.then(() => this.read())
    this.update = done.catch(() => {})
    return done
  }

  private async read(): Promise<void> {
    const { received } = this.store.vitals.counts
    if (this.keys.size > most || received === this.received) return
    const numbered = scopes.map(
      scope => `SELECT '${scope}' AS scope, max(${numbers[scope]})::BIGINT AS last FROM ${tables[scope]}`,
    )
    for (const row of await this.store.query(numbered.join(' UNION ALL '))) {
      const scope = row.scope as AttributeScope
      const number = numbers[scope]
      const last = (row.last as bigint | null) ?? -1n
      if (last <= this.seen[scope]) continue
      const range = `${number} > ${this.seen[scope]} AND ${number} <= ${last}`
      const among = `${tables[scope]} WHERE ${range}`
      const selects = [
        ...keysIn(scope, '', among),
        ...(scope === 'span' ? keysIn('event', 'e.', `(SELECT unnest(events) AS e FROM ${among})`) : []),
      ]
      const found = await this.store.query(`SELECT * FROM (${selects.join(' UNION ALL ')}) LIMIT ${most + 1}`)
      for (const { of, type, key } of found) this.keys.add(nameOf(of as KeyScope, type as StoredType, key as string))
      this.seen[scope] = last
    }
    this.received = received
  }
}

const keysIn = (scope: KeyScope, prefix: string, from: string): string[] =>
  Object.entries(attributeMaps).map(
    ([type, map]) =>
      `SELECT DISTINCT '${scope}' AS of, '${type}' AS type, unnest(map_keys(${prefix}${map})) AS key FROM ${from}`,
  )

const nameOf = (scope: KeyScope, type: StoredType, key: string): string => `${scope} ${type} ${key}`

const catalogues = new WeakMap<Store, Catalogue>()

/** All that stands in the store by now. What sweeps took away may still be known. */
export async function knownKeys({ shared: store }: Pick<Store, 'shared'>): Promise<KnownKeys> {
  const catalogue = catalogues.get(store) ?? new Catalogue(store)
  catalogues.set(store, catalogue)
  await catalogue.refresh()
  return catalogue
}
