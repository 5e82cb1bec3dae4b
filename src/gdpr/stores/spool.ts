/**
 * Requests that a process left in its spool: the next start of the app sends them. A request without the subject's spans
 * or log records takes the place of the old one.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from '../../config/settings'
import { claim, type Spooled, spooledIn } from '../../delivery/spool'
import { everyPlace } from '../../delivery/spool-place'
import { isRunning } from '../../files/process'
import { type ReplaceOptions, replaceFile } from '../../files/replace-file'
import { syncFolder } from '../../files/sync-folder'
import { plainAttributes } from '../../otlp/any-value'
import { fromProtobuf } from '../../otlp/from-protobuf'
import { requestMessages } from '../../otlp/messages'
import { recordLists } from '../../otlp/record-lists'
import type { Document } from '../../otlp/schema'
import { toProtobuf } from '../../otlp/to-protobuf'
import { namesInOtlp } from '../records'
import { exactValues, type Matcher, matcherOf, personKeys } from '../subject'
import type { ExportRecord, Found, SubjectStore, Target } from './store'

/** A process that sends a file now has done so by then. */
const FLUSH_WINDOW_MS = 60_000
const DRAFT = /\.(\d+)\.erasing$/
const draftOptions: ReplaceOptions = { mode: 0o600, suffix: `.${process.pid}.erasing` }

type Place = Spooled & { readonly directory: string }

interface Entry {
  readonly record: Document
  readonly isNamed: boolean
  readonly isOther: boolean
}

export function spoolStore(settings: Pick<Settings, 'spoolDir'>): SubjectStore {
  const folders = () => everyPlace(settings).filter(directory => existsSync(directory))
  const files = (): Place[] =>
    folders().flatMap(directory => spooledIn(directory).map(spooled => ({ ...spooled, directory })))
  const requestOf = (spooled: Place, file = path.join(spooled.directory, spooled.file)): Document | undefined => {
    try {
      return fromProtobuf(requestMessages[spooled.signal], readFileSync(file))
    } catch (error) {
      // it was sent in the meantime
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
  const look = (target: Target, matcher: Matcher, signal: AbortSignal) => {
    const own = new Set(exactValues(target.identity))
    const entries = files().flatMap(spooled => {
      signal.throwIfAborted()
      const request = requestOf(spooled)
      return request ? entriesOf(spooled.signal, request, own, matcher).map(entry => ({ ...entry, spooled })) : []
    })
    const others = new Set(entries.filter(({ isOther }) => isOther).map(({ record }) => record.traceId))
    const named = new Set(entries.filter(({ isNamed }) => isNamed).map(({ record }) => record.traceId))
    const known = [...named, ...target.traceIds].filter((id): id is string => typeof id === 'string' && id !== '')
    const whole = new Set<unknown>(known.filter(id => !others.has(id)))
    const found = entries.filter(({ record, isNamed }) => isNamed || whole.has(record.traceId))
    const traceIds = [...whole].filter((id): id is string => named.has(id))
    return { found, whole, traceIds, shared: known.filter(id => others.has(id)).length }
  }
  return {
    name: 'spool',
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<Found> {
      const { found, traceIds, shared } = look(target, matcherOf(target.identity), signal)
      return { records: found.length, traceIds, shared }
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
        // a process that sends it has it in memory: what arrives is erased there
        const { directory } = spooled
        const claimed = claim(directory, spooled)
        const request = claimed && requestOf(spooled, claimed)
        if (!claimed || !request) continue
        const isErased = (record: Document, above: boolean) =>
          above || whole.has(record.traceId) || namesInOtlp(matcher, record)
        const left = without(spooled.signal, request, isErased, matcher)
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

/** Each span or log record; what its resource or scope names, it names. */
function entriesOf(signal: Spooled['signal'], request: Document, own: ReadonlySet<string>, matcher: Matcher): Entry[] {
  const entries: Entry[] = []
  without(
    signal,
    request,
    (record, above) => {
      const attributes = plainAttributes(record.attributes as never)
      const users = personKeys.map(key => attributes[key]).filter(value => value !== undefined)
      entries.push({
        record,
        isNamed: above || namesInOtlp(matcher, record),
        isOther: users.some(user => !own.has(String(user))),
      })
      return false
    },
    matcher,
  )
  return entries
}

/**
 * @param isErased of a span or log record; `above` where its resource or scope names the subject
 * @returns undefined where nothing is left
 */
function without(
  signal: Spooled['signal'],
  request: Document,
  isErased: (record: Document, above: boolean) => boolean,
  matcher: Matcher,
): Document | undefined {
  const { resources, scopes, records } = recordLists[signal]
  const list = (document: Document, member: string) => (document[member] ?? []) as Document[]
  const kept = list(request, resources).flatMap(resource => {
    const isResource = namesInOtlp(matcher, (resource.resource ?? {}) as Document)
    const keptScopes = list(resource, scopes).flatMap(scope => {
      const above = isResource || namesInOtlp(matcher, (scope.scope ?? {}) as Document)
      const keptRecords = list(scope, records).filter(record => !isErased(record, above))
      return keptRecords.length > 0 ? [{ ...scope, [records]: keptRecords }] : []
    })
    return keptScopes.length > 0 ? [{ ...resource, [scopes]: keptScopes }] : []
  })
  return kept.length > 0 ? { ...request, [resources]: kept } : undefined
}

/** Of a process that was killed. */
function removeDrafts(directory: string): void {
  for (const file of readdirSync(directory)) {
    const pid = DRAFT.exec(file)?.[1]
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))))
      rmSync(path.join(directory, file), { force: true })
  }
}
