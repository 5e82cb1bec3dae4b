/** The audit log: its chained lines remain, and their content about a person is encrypted with that person's key, which is deleted. */
import path from 'node:path'
import { readKeyRing } from '../../../app/audit/keys'
import type { AuditLog } from '../../../app/audit/log'
import { openPersons } from '../../../app/audit/persons'
import { readEntries } from '../../../app/audit/read'
import { exactValues } from '../person-attributes'
import type { ExportRecord, SubjectRecords, SubjectStore, Target } from './store'

/** Apps cache a person's key in memory, but check each time that its file exists. */
const FLUSH_WINDOW_MS = 0
const DAY_MS = 86_400_000

export interface AuditPlaces {
  readonly folder: string
  /** The file with the key ring. */
  readonly keys: string
  readonly retentionDays: number
}

/** @param log writes the entry about the erasure; it fails under a legal hold, and the request then waits */
export function auditStore({ folder, keys, retentionDays }: AuditPlaces, log: Pick<AuditLog, 'erase'>): SubjectStore {
  const persons = openPersons(path.join(path.dirname(keys), 'persons'))
  /** Ids of the keys under which entries name this person as `actor.id` or `subject.id`. */
  const keyIdsOf = ({ identity }: Target): string[] => {
    const ring = readKeyRing(keys)
    return exactValues(identity).flatMap(person => persons.find(person, ring)?.id ?? [])
  }
  return {
    name: 'audit',
    flushWindowMs: FLUSH_WINDOW_MS,
    /** Counts keys: counting the entries that a key decrypts would require reading two years of lines. */
    async find(target): Promise<SubjectRecords> {
      return { records: keyIdsOf(target).length, traceIds: [], shared: 0 }
    },
    async *export({ identity }, signal): AsyncIterable<ExportRecord> {
      const ring = readKeyRing(keys)
      const own = new Set(exactValues(identity))
      const isOwn = (party: unknown) => own.has(String((party as { id?: unknown } | undefined)?.id))
      for (const { actor, subject, ...entry } of readEntries({ folder, keys: ring.keys, persons: persons.all(ring) })) {
        signal.throwIfAborted()
        if (!isOwn(actor) && !isOwn(subject)) continue
        // the other party of the entry is another person
        const record = { ...entry, ...(isOwn(actor) && { actor }), ...(isOwn(subject) && { subject }) }
        yield { signal: 'audit', record }
      }
    },
    async erase({ identity }) {
      for (const person of exactValues(identity)) await log.erase(person)
    },
    async verify(target) {
      return keyIdsOf(target).length
    },
    unerasable: nowMs => [
      {
        what: 'audit log entries, without their content about the person',
        why: 'the chain proves that nothing else was changed; the key to that content is deleted',
        agesOut: new Date(nowMs + retentionDays * DAY_MS).toISOString(),
      },
      {
        what: 'copies of the key folder in backups',
        why: 'a key from a backup decrypts the entries again; delete its copies',
        agesOut: null,
      },
    ],
  }
}
