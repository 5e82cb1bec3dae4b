/**
 * OTLP requests that a process left in its spool, which the app sends at its next start. A request is replaced by one without the subject's
 * spans or log records.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { claim, type Spooled, spooledIn } from '../../../app/delivery/spool'
import { everyPlace } from '../../../app/delivery/spool-place'
import type { Settings } from '../../../shared/config/settings'
import { isRunning } from '../../../shared/files/process'
import { type ReplaceOptions, replaceFile } from '../../../shared/files/replace-file'
import { syncFolder } from '../../../shared/files/sync-folder'
import { fromProtobuf } from '../../../shared/otlp/from-protobuf'
import { requestMessages } from '../../../shared/otlp/messages'
import type { Document } from '../../../shared/otlp/schema'
import { toProtobuf } from '../../../shared/otlp/to-protobuf'
import { maskedOtlp } from '../masked-otlp'
import { type Matcher, matcherOf } from '../person-attributes'
import { entriesOf, without } from '../request'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** A process that is sending a file finishes within this time. */
const FLUSH_WINDOW_MS = 60_000
const DRAFT = /\.(\d+)\.erasing$/
const draftOptions: ReplaceOptions = { mode: 0o600, suffix: `.${process.pid}.erasing` }

type SpoolFile = Spooled & { readonly directory: string }

export function spoolStore(settings: Pick<Settings, 'spoolDir'>): SubjectStore {
  const folders = () => everyPlace(settings).filter(directory => existsSync(directory))
  const files = (): SpoolFile[] =>
    folders().flatMap(directory => spooledIn(directory).map(spooled => ({ ...spooled, directory })))
  const requestOf = (spooled: SpoolFile, file = path.join(spooled.directory, spooled.file)): Document | undefined => {
    try {
      return fromProtobuf(requestMessages[spooled.signal], readFileSync(file))
    } catch (error) {
      // it was sent in the meantime
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
  const look = (target: Target, matcher: Matcher, signal: AbortSignal) => {
    const entries = files().flatMap(spooled => {
      signal.throwIfAborted()
      const request = requestOf(spooled)
      return request ? entriesOf(spooled.signal, request, matcher).map(entry => ({ ...entry, spooled })) : []
    })
    const others = new Set(entries.filter(({ isOther }) => isOther).map(({ record }) => record.traceId))
    const named = new Set(entries.filter(({ whose }) => whose === 'own').map(({ record }) => record.traceId))
    const known = [...named, ...target.traceIds].filter((id): id is string => typeof id === 'string' && id !== '')
    const whole = new Set<unknown>(known.filter(id => !others.has(id)))
    const found = entries.filter(({ record, whose }) => whose || whole.has(record.traceId))
    const traceIds = [...whole].filter((id): id is string => named.has(id))
    return { found, whole, traceIds, allRecords: entries.length, shared: known.filter(id => others.has(id)).length }
  }
  return {
    name: 'spool',
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<SubjectRecords> {
      const { found, traceIds, allRecords, shared } = look(target, matcherOf(target.identity), signal)
      const samples = found.slice(0, SAMPLES).map(({ record }) => record)
      return { records: found.length, allRecords, samples, traceIds, shared }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const { record, spooled } of look(target, matcherOf(target.identity), signal).found)
        yield { signal: spooled.signal === 'traces' ? 'span' : 'log', record }
    },
    async erase(target, signal) {
      for (const directory of folders()) removeDrafts(directory)
      const matcher = matcherOf(target.identity)
      const { found, whole } = look(target, matcher, signal)
      for (const spooled of new Set(found.map(one => one.spooled))) {
        signal.throwIfAborted()
        // a process that is sending it has it in memory; the data is then erased at its destination
        const { directory } = spooled
        const claimed = claim(directory, spooled)
        const request = claimed && requestOf(spooled, claimed)
        if (!claimed || !request) continue
        const left = without(spooled.signal, request, matcher, (record, whose) => {
          if (whose === 'own' || whole.has(record.traceId)) return undefined
          return whose ? maskedOtlp(matcher, record) : record
        })
        if (left) {
          replaceFile(claimed, toProtobuf(requestMessages[spooled.signal], left), draftOptions)
          renameSync(claimed, path.join(directory, spooled.original))
        } else rmSync(claimed)
        syncFolder(directory)
      }
    },
    async verify(target, signal) {
      return look(target, matcherOf(target.identity), signal).found.length
    },
    unerasable: () => [],
  }
}

/** Removes drafts of killed processes. */
function removeDrafts(directory: string): void {
  for (const file of readdirSync(directory)) {
    const pid = DRAFT.exec(file)?.[1]
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))))
      rmSync(path.join(directory, file), { force: true })
  }
}
