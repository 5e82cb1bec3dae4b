/** The budget watch's database, which has user ids if a budget is per user. */

import type { Database } from '../../alert-receiver/database'
import { deleteRowsNaming, type Names, rowsNaming } from '../../cost/persons'
import { exactValues, matcherOf } from '../person-attributes'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** A round of the watch in progress may still write. */
const FLUSH_WINDOW_MS = 120_000

/** @param open creates a connection for each operation */
export function costStore(open: () => Promise<Database>): SubjectStore {
  const using = async <T>(act: (database: Database) => Promise<T>): Promise<T> => {
    const database = await open()
    try {
      return await act(database)
    } finally {
      database.close()
    }
  }
  const namesOf = ({ identity }: Target): Names => {
    const own = new Set(exactValues(identity))
    return { isPerson: id => own.has(id), isNamed: matcherOf(identity).text }
  }
  const look = (target: Target) => using(database => rowsNaming(database, namesOf(target)))
  return {
    name: 'cost',
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target): Promise<SubjectRecords> {
      const { found, all } = await look(target)
      return { records: found.length, allRecords: all, samples: found.slice(0, SAMPLES), traceIds: [], shared: 0 }
    },
    async *export(target): AsyncIterable<ExportRecord> {
      for (const record of (await look(target)).found) yield { signal: 'metric', record }
    },
    erase: target => using(database => deleteRowsNaming(database, namesOf(target))),
    async verify(target) {
      return (await look(target)).found.length
    },
    unerasable: () => [
      {
        what: 'the ID of the person in a budget scope in monitoring-config.json',
        why: 'the file is yours; remove the ID, or the budget watch queries the person again',
        agesOut: null,
      },
    ],
  }
}
