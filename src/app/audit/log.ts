/** The audit log of a process: checks, seals and writes entries, mends what a crash left, erases persons, and sweeps what is old. */
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
   * Records what was done. The line is written before the call returns, and the promise resolves when it is safely on the disk.
   * Rejects with AuditError when it is not: do not go on with what has to be audited then.
   * @returns where the entry stands; `undefined` where `whenFull` is `drop` and the disk is full
   */
  record(entry: AuditEntry): Promise<Receipt | undefined>
  /** The same, and returns when it is on the disk. @throws AuditError */
  recordSync(entry: AuditEntry): Receipt | undefined
  /**
   * Deletes the key by which what the log says of the person is encrypted, and records that. The chain still verifies.
   * @returns how many entries became unreadable is for `verify` to say; false where the log knows no such person
   * @throws AuditError `hold` under a legal hold
   */
  erase(person: string): Promise<boolean>
  /** Removes files that are older than `retentionDays`, and records that first. Not under a legal hold. */
  sweep(): Promise<Sweep>
  /** Signs how far the chain has come. Nothing can be recorded after it. */
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
  /** Trace and span id of the moment. Default: none. */
  readonly context?: () => { readonly traceId: string; readonly spanId: string } | undefined
  /** After each line, with what of it is no person's. */
  readonly onRecord?: (receipt: Receipt, action: string, outcome: string | undefined) => void
  readonly onCheckpoint?: ((line: string, checkpoint: Checkpoint) => void) | undefined
  readonly onProblem: (problem: string) => void
}

/** How often the key ring's file is looked at. */
const LOOK_MS = 2_000
/** How often a call that waits for room tries again. */
const WAIT_MS = 100
const DAY_MS = 86_400_000
/** A file whose writer is not known is left alone for so long after its last change. */
const UNKNOWN_MS = 60_000
/** Chains whose ends a new chain writes down, the newest ones. */
const CITED = 100

/** A line of the log's own, or of the app's. A line has `v`, `chain`, `seq`, `prev`, `key` and `mac` itself. */
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

/** What the entry says of persons, encrypted by their keys; the rest in clear. */
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

/** The first lines of a chain: who writes it, what of other chains was torn, and how far those had come. */
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

/** Whether what stands behind the last line break may be a line that another process writes at this moment. */
function mayBeWritten(file: AuditFile, folder: string): boolean {
  const first = filesIn(folder).find(({ chain }) => chain === file.chain)
  const line = first && headOf(first.path)
  const writer = line?.seq === 0 ? (fieldsOf(line).writer as WriterProcess | undefined) : undefined
  return writer ? mayRun(writer) : Date.now() - mtimeOf(file) < UNKNOWN_MS
}

/** The key ring as it is now: its file is looked at every two seconds. One that became unreadable leaves the last one in use. */
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
      // `afn-otel audit verify` says what is wrong with it
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
