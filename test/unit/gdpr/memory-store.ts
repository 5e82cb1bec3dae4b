// A store in memory that forgets late, as real ones do: what it is asked to erase is gone after its flush window, and a batch that was on
// its way arrives after the first erasure. It has the subject's records and those of others.

import { matcherOf } from '../../../src/operations/gdpr/person-attributes'
import type { SubjectStore, Target } from '../../../src/operations/gdpr/stores/store'

export interface Row {
  readonly traceId: string
  readonly user: string
}

export interface MemoryStoreOptions {
  readonly name: string
  readonly rows: readonly Row[]
  /** Arrive right after the first erasure. */
  readonly late?: readonly Row[]
  readonly now: () => number
  readonly flushWindowMs?: number
  /** Traces of the subject in which others are too, which it can't erase. */
  readonly shared?: number
  /** Log records know the trace alone: their user is not read. */
  readonly byTraceAlone?: boolean
}

export class MemoryStore implements SubjectStore {
  readonly name: string
  readonly flushWindowMs: number
  rows: Row[]
  erasures = 0
  isAway = false
  #late: readonly Row[]
  #goneAt: { rows: Set<Row>; at: number }[] = []

  constructor(readonly options: MemoryStoreOptions) {
    this.name = options.name
    this.flushWindowMs = options.flushWindowMs ?? 30_000
    this.rows = [...options.rows]
    this.#late = options.late ?? []
  }

  async find({ identity, traceIds }: Target) {
    const rows = this.#matching({ identity, traceIds })
    return {
      records: rows.length,
      traceIds: [...new Set(rows.map(({ traceId }) => traceId))],
      allTraces: new Set(this.rows.map(({ traceId }) => traceId)).size,
      shared: this.options.shared ?? 0,
    }
  }

  async *export(target: Target) {
    for (const record of this.#matching(target)) yield { signal: 'span' as const, record }
  }

  async erase(target: Target) {
    this.erasures++
    this.#goneAt.push({ rows: new Set(this.#matching(target)), at: this.options.now() + this.flushWindowMs })
    this.rows.push(...this.#late)
    this.#late = []
  }

  async verify(target: Target) {
    return this.#matching(target).length
  }

  unerasable(nowMs: number) {
    return [{ what: 'backups', why: 'a test says so', agesOut: new Date(nowMs + 86_400_000).toISOString() }]
  }

  #matching({ identity, traceIds }: Target): Row[] {
    if (this.isAway) throw new Error(`connect ECONNREFUSED while asking for ${identity.identifiers[0]?.value}`)
    const now = this.options.now()
    for (const { rows } of this.#goneAt.filter(({ at }) => at <= now))
      this.rows = this.rows.filter(row => !rows.has(row))
    const matcher = matcherOf(identity)
    const known = new Set(traceIds)
    const byUser = ({ user }: Row) => !this.options.byTraceAlone && matcher.attribute('user.id', user)
    return this.rows.filter(row => byUser(row) || known.has(row.traceId))
  }
}
