/**
 * The audit log: its lines are chained and stay, and what they say of a person is encrypted by a key of this person, which is deleted.
 */
import path from 'node:path'
import { readKeyRing } from '../../../app/audit/keys'
import type { AuditLog } from '../../../app/audit/log'
import { openPersons } from '../../../app/audit/persons'
import { readEntries } from '../../../app/audit/read'
import { exactValues } from '../person-attributes'
import type { ExportRecord, SubjectRecords, SubjectStore, Target } from './store'

/** An app keeps the key of a person in memory, and looks each time whether its file is there. */
const FLUSH_WINDOW_MS = 0
const DAY_MS = 86_400_000

export interface AuditPlaces {
  readonly folder: string
  /** File of the key ring. */
  readonly keys: string
  readonly retentionDays: number
}

/** @param log of these places, which records the erasure; a legal hold makes it fail, and the request waits */
export function auditStore({ folder, keys, retentionDays }: AuditPlaces, log: Pick<AuditLog, 'erase'>): SubjectStore {
  const persons = openPersons(path.join(path.dirname(keys), 'persons'))
  /** An entry names a person by `actor.id` and `subject.id`, which is one of these. */
  const keyIdsOf = ({ identity }: Target): string[] => {
    const ring = readKeyRing(keys)
    return exactValues(identity).flatMap(person => persons.find(person, ring)?.id ?? [])
  }
  return {
    name: 'audit',
    flushWindowMs: FLUSH_WINDOW_MS,
    /** A record is a key here: how many entries it opens is not counted, since that takes reading two years of lines. */
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
        // the other one of the two is somebody else
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
