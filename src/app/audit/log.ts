/** The audit log of a process: validates, seals and writes entries, repairs files after a crash, erases persons, and sweeps old files. */
import { statSync } from 'node:fs'
import path from 'node:path'
import { mayRun, thisProcess, type Writer as WriterProcess } from '../../shared/files/process'
import type { Checkpoint } from './checkpoint'
import { fieldsOf } from './entry'
import { AuditError, systemError } from './error'
import { type AuditEntry, checkEntry } from './fields'
import { type AuditFile, checkFolder, filesIn } from './files'
import { isHeld } from './hold'
import { type KeyRing, readKeyRing } from './keys'
import { openPersons, type Persons, type SealedContent, seal } from './persons'
import { type Sweep, sweep } from './sweep'
import { cutTail, headOf, tailOf } from './tail'
import { type Receipt, Writer } from './writer'

export interface AuditLog {
  /**
   * Records an action. The line is written before the call returns, and the promise resolves when it is safely on disk. If it rejects with
   * AuditError, do not continue with the audited action.
   * @returns the position of the entry; undefined if `whenFull` is `drop` and the disk is full
   */
  record(entry: AuditEntry): Promise<Receipt | undefined>
  /** Likewise, but returns when the entry is on disk. @throws AuditError */
  recordSync(entry: AuditEntry): Receipt | undefined
  /**
   * Deletes the key that encrypts the log's content about a person, and records that. The chain still verifies.
   * @returns false if the log does not know the person; `verify` reports how many entries became unreadable
   * @throws AuditError `hold` under a legal hold
   */
  erase(person: string): Promise<boolean>
  /** Records and then removes files older than `retentionDays`. Does nothing under a legal hold. */
  sweep(): Promise<Sweep>
  /** Signs the chain's final length. Nothing can be recorded afterwards. */
  close(): void
}

export interface LogOptions {
  readonly folder: string
  /** File of the key ring. The keys of persons are in the folder `persons` next to it. */
  readonly keys: string
  readonly checkpoints: string
  readonly whenFull: 'fail' | 'block' | 'drop'
  readonly retentionDays: number
  readonly maxBytes: number
  readonly now: () => number
  /** Masks secrets and personal data in `target` and `details`. */
  readonly redact: (value: object) => unknown
  /** Current trace and span id. Default: none. */
  readonly context?: () => { readonly traceId: string; readonly spanId: string } | undefined
  /** Called after each line, with its non-personal content. */
  readonly onRecord?: (receipt: Receipt, action: string, outcome: string | undefined) => void
  readonly onCheckpoint?: ((line: string, checkpoint: Checkpoint) => void) | undefined
  readonly onProblem: (problem: string) => void
}

/** How often the key ring's file is checked for changes. */
const LOOK_MS = 2_000
/** Retry interval of a call that waits for disk space. */
const WAIT_MS = 100
const DAY_MS = 86_400_000
/** How long after its last change a file without a known writer is left alone. */
const UNKNOWN_MS = 60_000
/** Maximum number of existing chains whose ends a new chain records, newest first. */
const CITED = 100

/**
 * Appends a line of the log itself or of the app, without the members that every line has: `v`, `chain`, `seq`, `prev`, `key` and `mac`.
 */
type Append = (fields: { action: string; outcome?: string; [member: string]: unknown }) => Receipt

/** @throws AuditError `keys` or `folder` */
export function openLog(options: LogOptions): AuditLog {
  const { folder, checkpoints, now, onProblem } = options
  checkFolder(folder)
  checkFolder(checkpoints)
  const ring = keyRing(options.keys)
  const persons = openPersons(path.join(path.dirname(options.keys), 'persons'))
  const writer = new Writer({
    folder,
    checkpoints,
    ring,
    now,
    maxBytes: options.maxBytes,
    onCheckpoint: options.onCheckpoint,
    onCheckpointFailure: error =>
      onProblem(systemError(`a checkpoint can't be stored in ${checkpoints}`, error).message),
  })
  let isClosed = false
  const append: Append = fields => {
    if (isClosed) throw new AuditError('closed', 'the audit log is closed; nothing was recorded')
    const receipt = writer.append(fields)
    options.onRecord?.(receipt, fields.action, fields.outcome)
    return receipt
  }
  begin(folder, append, onProblem)
  const write = (entry: AuditEntry): Receipt => {
    checkEntry(entry)
    return append(sealed(entry, persons, ring(), options))
  }
  const close = () => {
    if (isClosed) return
    isClosed = true
    process.off('exit', atExit)
    writer.close()
  }
  const atExit = () => {
    try {
      close()
    } catch (error) {
      onProblem((error as Error).message)
    }
  }
  process.once('exit', atExit)

  return {
    async record(entry) {
      for (;;) {
        try {
          const receipt = write(entry)
          await writer.committed()
          return receipt
        } catch (error) {
          if (!(error instanceof AuditError) || error.code !== 'full' || options.whenFull === 'fail') throw error
          onProblem(error.message)
          if (options.whenFull === 'drop') return undefined
          await new Promise(resolve => setTimeout(resolve, WAIT_MS))
        }
      }
    },
    recordSync(entry) {
      try {
        const receipt = write(entry)
        writer.commit()
        return receipt
      } catch (error) {
        if (!(error instanceof AuditError) || error.code !== 'full' || options.whenFull !== 'drop') throw error
        onProblem(error.message)
        return undefined
      }
    },
    async erase(person) {
      if (isHeld(folder))
        throw new AuditError(
          'hold',
          'a legal hold is active: nobody can be erased from the audit log until it is lifted',
        )
      const key = persons.shred(person, ring())
      if (key === undefined) return false
      append({ action: 'audit.erased', person: key })
      await writer.committed()
      return true
    },
    async sweep() {
      const before = new Date(now() - options.retentionDays * DAY_MS).toISOString().slice(0, 10)
      return sweep(folder, before, ring(), async files => {
        append({ action: 'audit.swept', files })
        await writer.committed()
      })
    },
    close,
  }
}

/** Encrypts an entry's content about persons with their keys; the rest remains plain text. */
function sealed(entry: AuditEntry, persons: Persons, ring: KeyRing, { redact, context }: LogOptions) {
  const { action, outcome = 'success', actor, subject } = entry
  const of = (person: string, what: object): SealedContent => seal(JSON.stringify(what), persons.keyOf(person, ring))
  const { target, details } = entry
  const rest =
    target || details ? (redact({ ...(target && { target }), ...(details && { details }) }) as object) : undefined
  const owner = subject ?? actor
  const parts = [
    ...(actor ? [of(actor.id, { actor })] : []),
    ...(subject ? [of(subject.id, { subject })] : []),
    ...(rest && owner ? [of(owner.id, rest)] : []),
  ]
  return { action, outcome, ...context?.(), ...(!owner && rest), ...(parts.length > 0 && { sealed: parts }) }
}

/** Writes the first lines of a chain: its writer, the ends of other chains, and incomplete lines found there. */
function begin(folder: string, append: Append, onProblem: (problem: string) => void): void {
  const lastFiles = new Map(filesIn(folder).map(file => [file.chain, file]))
  const newest = [...lastFiles.values()].sort((a, b) => mtimeOf(b) - mtimeOf(a)).slice(0, CITED)
  const ends: { chain: string; seq: number; mac: string }[] = []
  const repaired: object[] = []
  for (const file of newest) {
    try {
      const tail = tailOf(file.path)
      if (tail.torn && !mayBeWritten(file, folder)) {
        cutTail(file.path, tail)
        repaired.push({ chain: file.chain, file: path.basename(file.path), ...tail.torn })
      }
      if (tail.last) ends.push({ chain: tail.last.chain, seq: tail.last.seq, mac: tail.last.mac })
    } catch (error) {
      onProblem(`the end of ${file.path} can't be read (${(error as NodeJS.ErrnoException).code})`)
    }
  }
  append({ action: 'audit.opened', writer: thisProcess(), ends })
  for (const torn of repaired) append({ action: 'audit.repaired', torn })
}

/** Whether text after the last line break may be a line that another process is currently writing. */
function mayBeWritten(file: AuditFile, folder: string): boolean {
  const first = filesIn(folder).find(({ chain }) => chain === file.chain)
  const line = first && headOf(first.path)
  const writer = line?.seq === 0 ? (fieldsOf(line).writer as WriterProcess | undefined) : undefined
  return writer ? mayRun(writer) : Date.now() - mtimeOf(file) < UNKNOWN_MS
}

/** The current key ring; checks the file every two seconds. If the file becomes unreadable, the last key ring remains in use. */
function keyRing(file: string): () => KeyRing {
  let ring = readKeyRing(file)
  let lookedAt = Date.now()
  let changed = statSync(file).mtimeMs
  return () => {
    if (Date.now() - lookedAt < LOOK_MS) return ring
    lookedAt = Date.now()
    try {
      const { mtimeMs } = statSync(file)
      if (mtimeMs !== changed) ring = readKeyRing(file)
      changed = mtimeMs
    } catch {
      // `afn-otel audit verify` reports what is wrong with it
    }
    return ring
  }
}

function mtimeOf({ path: file }: AuditFile): number {
  try {
    return statSync(file).mtimeMs
  } catch {
    return 0
  }
}
