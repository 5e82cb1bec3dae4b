// How far `afn-otel export --to` has come, in a file: after `kill -9` the next run goes on behind what the receiver has answered for, and
// sends the one batch again that was under way, with the same records in it.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Signal, signals } from '../../shared/config/otlp'
import { replaceFile } from '../../shared/files/replace-file'

/** Of one signal; numbers of rows and nanoseconds are digits. */
export interface SignalCursor {
  /** Up to this row all is delivered. */
  readonly after: string
  /** When the newest came of what is delivered. */
  readonly received: string
  /** Up to this row a batch is under way. */
  readonly sending?: string | undefined
  readonly sent: number
  /** That the receiver has rejected of what it took. */
  readonly rejected: number
  /** Of batches that the receiver refused and --skip-refused has left out. */
  readonly skipped: number
}

const start: SignalCursor = { after: '-1', received: '0', sent: 0, rejected: 0, skipped: 0 }

/** What an export is of: another one has another file. */
export interface Job {
  readonly from: string
  readonly to: string
  /** As they were given. */
  readonly since: string | null
  readonly until: string | null
  /** Nanoseconds since 1970 in digits, of the first run. */
  readonly fromNs: string | null
  readonly toNs: string | null
}

interface CursorFile {
  readonly job: Job
  readonly places: Partial<Record<Signal, SignalCursor>>
}

/** One for each way from an `up` to a receiver. */
export function cursorFile(folder: string, { from, to }: Pick<Job, 'from' | 'to'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([from, to]))
    .digest('hex')
    .slice(0, 12)
  return path.join(folder, `export-${hash}.json`)
}

export class ReplayCursor {
  readonly job: Job
  readonly #file: string
  #places: Partial<Record<Signal, SignalCursor>>

  /** @throws Error when the file is no cursor, or of another export */
  constructor(file: string, wanted: Job) {
    const { job, places } = existsSync(file) ? readCursor(file) : { job: wanted, places: {} }
    const asks = wanted.since !== null || wanted.until !== null
    const isSame = wanted.since === job.since && wanted.until === job.until
    if (wanted.from !== job.from || wanted.to !== job.to || (asks && !isSame))
      throw new Error(
        `${file} is of an export from ${job.from} to ${job.to}${windowOf(job)}; omit --since and --until to resume it, or choose another file with --cursor`,
      )
    this.#file = file
    this.#places = places
    this.job = job
  }

  of(signal: Signal): SignalCursor {
    return this.#places[signal] ?? start
  }

  /** On the disk before it returns. @throws Error when it can't be written */
  set(signal: Signal, place: SignalCursor): void {
    this.#places = { ...this.#places, [signal]: place }
    const written: CursorFile = { job: this.job, places: this.#places }
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 })
      replaceFile(this.#file, `${JSON.stringify(written)}\n`, { mode: 0o600, suffix: '.new' })
    } catch (error) {
      throw new Error(`${this.#file} can't be written (${(error as Error).message}); choose another one with --cursor`)
    }
  }
}

const windowOf = ({ since, until }: Job): string =>
  `${since === null ? '' : `, --since ${since}`}${until === null ? '' : `, --until ${until}`}`

function readCursor(file: string): CursorFile {
  try {
    const { job, places } = JSON.parse(readFileSync(file, 'utf8')) as CursorFile
    const isPlace = (place: SignalCursor | undefined) =>
      !place || (/^-?\d+$/.test(place.after) && /^\d+$/.test(place.received))
    if (typeof job.to === 'string' && signals.every(signal => isPlace(places[signal]))) return { job, places }
  } catch {
    // said below
  }
  throw new Error(
    `${file} is not the cursor of an export; move it away to start over, or choose another one with --cursor`,
  )
}
