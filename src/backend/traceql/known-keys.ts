/**
 * The attribute keys in the store, by scope and type. Looking into the maps of all spans is the most expensive part of a query, so a query
 * skips the maps for keys that nobody sent.
 */
import type { AttributeScope } from '../store/columns'
import { attributeMaps } from '../store/schema'
import type { Store } from '../store/store'

export type StoredType = keyof typeof attributeMaps
/** `event` covers the events of all spans. */
export type KeyScope = AttributeScope | 'event'

/** Does not include attributes of spans that have a column of their own. */
export interface KnownKeys {
  has(scope: KeyScope, key: string, type: StoredType): boolean
  /** Keys of any type; undefined if there are too many to track. */
  all(scope: AttributeScope): ReadonlySet<string> | undefined
}

/** The columns that number the rows in order of arrival. */
const numbers = { span: 'seq', resource: 'id', scope: 'id' } as const satisfies Record<AttributeScope, string>
const tables = { span: 'spans', resource: 'resources', scope: 'scopes' } as const satisfies Record<
  AttributeScope,
  string
>
const scopes = Object.keys(tables) as AttributeScope[]

/** Beyond this number, keys are probably generated from data, and any key counts as known. */
const most = 20_000

class Catalogue implements KnownKeys {
  private readonly keys = new Set<string>()
  private readonly seen: Record<AttributeScope, bigint> = { span: -1n, resource: -1n, scope: -1n }
  private update: Promise<unknown> = Promise.resolve()
  /** The store's count of received spans at the last read; -1 before the first. */
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

  /** Reads new rows. Resolves once the keys of everything stored before the call are known. */
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

/** The keys of everything stored so far. Keys that only deleted rows had may remain. */
export async function knownKeys({ shared: store }: Pick<Store, 'shared'>): Promise<KnownKeys> {
  const catalogue = catalogues.get(store) ?? new Catalogue(store)
  catalogues.set(store, catalogue)
  await catalogue.refresh()
  return catalogue
}
