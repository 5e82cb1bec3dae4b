/**
 * Writes one chain. A line is written before `append()` returns, so that no `kill -9` loses it; `committed()` resolves when it is on
 * the disk. All lines that come while one fdatasync is under way share the next (group commit).
 */
import { randomBytes } from 'node:crypto'
import { closeSync, constants, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { linkNewest, removeLink } from '../../shared/files/newest-link'
import { syncFolder } from '../../shared/files/sync-folder'
import { type Checkpoint, writeCheckpoint } from './checkpoint'
import { GENESIS, sealLine } from './entry'
import { AuditError, systemError } from './error'
import { fileName, isAuditFile, refuseLink } from './files'
import type { KeyRing } from './keys'

/** Link to the newest file. */
const NEWEST = 'audit-chain.log'
/** What it was called before, which is the link of the class `audit` of log files. */
const FORMER_NEWEST = 'audit.log'

/** Where a line stands in the log. */
export interface Receipt {
  readonly chain: string
  readonly seq: number
  /** HMAC-SHA-256 of the line, hexadecimal. */
  readonly mac: string
  /** ISO 8601, as recorded. */
  readonly time: string
}

export interface WriterOptions {
  readonly folder: string
  readonly checkpoints: string
  /** Read before each line: a key ring is rotated while the app runs. */
  readonly ring: () => KeyRing
  readonly now: () => number
  /** Bytes of a file after which a new one is begun. */
  readonly maxBytes: number
  /** After each checkpoint, with its line. */
  readonly onCheckpoint?: ((line: string, checkpoint: Checkpoint) => void) | undefined
  /** A checkpoint could not be kept. */
  readonly onCheckpointFailure: (error: unknown) => void
}

/** Lines between two checkpoints. */
const EVERY = 1_000
const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants

export class Writer {
  readonly chain = randomBytes(4).toString('hex')
  #handle: number | undefined
  #date = ''
  #part = 0
  #bytes = 0
  #seq = 0
  #prev = GENESIS
  #unsigned = 0
  /** What a failed write left behind the last line; it is cut off before the next one. */
  #torn = false
  /** The disk lost something of the file: nothing more goes into it. */
  #isAbandoned = false
  #last: Receipt | undefined
  #syncing: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(private readonly options: WriterOptions) {}

  /** Writes a line. @throws AuditError, after which the chain is as it was */
  append(fields: object): Receipt {
    const time = new Date(this.options.now()).toISOString()
    const ring = this.options.ring()
    this.#useFileOf(time.slice(0, 10))
    const line = sealLine({ time, ...fields }, { chain: this.chain, seq: this.#seq, prev: this.#prev }, ring.current)
    this.#write(Buffer.from(line.text))
    this.#last = { chain: this.chain, seq: this.#seq, mac: line.mac, time }
    this.#prev = line.mac
    if (++this.#unsigned >= EVERY || this.#seq === 0) this.checkpoint()
    this.#seq++
    return this.#last
  }

  /** Resolves when everything that was appended is on the disk. Rejects with AuditError. */
  committed(): Promise<void> {
    if (!this.#syncing) return this.#sync()
    this.#next ??= this.#syncing.then(
      () => this.#sync(),
      () => this.#sync(),
    )
    return this.#next
  }

  /** The same, at once. */
  commit(): void {
    if (this.#handle === undefined) return
    try {
      fdatasyncSync(this.#handle)
    } catch (error) {
      throw this.#notDurable(error)
    }
  }

  /** Signs how far the chain has come; a failure is said, and is none of the line's. */
  checkpoint(): void {
    if (!this.#last || this.#unsigned === 0) return
    const { chain, seq, mac, time } = this.#last
    try {
      const line = writeCheckpoint(this.options.checkpoints, { chain, seq, mac, time }, this.options.ring())
      this.#unsigned = 0
      this.options.onCheckpoint?.(line, this.#last)
    } catch (error) {
      this.options.onCheckpointFailure(error)
    }
  }

  close(): void {
    if (this.#handle === undefined) return
    this.commit()
    this.checkpoint()
    closeSync(this.#handle)
    this.#handle = undefined
  }

  #sync(): Promise<void> {
    this.#next = undefined
    const handle = this.#handle
    this.#syncing = new Promise<void>((resolve, reject) => {
      if (handle === undefined) return resolve()
      fdatasync(handle, error => (error && handle === this.#handle ? reject(this.#notDurable(error)) : resolve()))
    }).finally(() => {
      this.#syncing = undefined
    })
    return this.#syncing
  }

  /** The kernel says once that a write was lost, and never again of the same file: the next line goes into a new one. */
  #notDurable(error: unknown): AuditError {
    this.#isAbandoned = true
    return systemError(`recorded entries may not be on disk in ${this.options.folder}`, error)
  }

  #useFileOf(date: string): void {
    // A clock that goes back does not go back into a file of the past, which may be swept already.
    const day = date > this.#date ? date : this.#date
    const hasRoom = this.#bytes < this.options.maxBytes && !this.#isAbandoned
    if (this.#handle !== undefined && day === this.#date && hasRoom) return
    const part = day === this.#date ? this.#part + 1 : 0
    // each line is on the disk before its file is left: committed() looks at the newest file alone
    if (!this.#isAbandoned) this.commit()
    this.checkpoint()
    const opened = this.#open(day, part)
    if (this.#handle !== undefined) closeSync(this.#handle)
    this.#handle = opened
    this.#isAbandoned = false
    this.#date = day
    this.#part = part
    this.#bytes = 0
    this.#torn = false
  }

  #open(date: string, part: number): number {
    const { folder } = this.options
    const file = path.join(folder, fileName({ date, chain: this.chain, part }))
    try {
      refuseLink(file)
      const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o640)
      syncFolder(folder)
      linkNewest(file, path.join(folder, NEWEST), this.chain, isAuditFile)
      removeLink(path.join(folder, FORMER_NEWEST), isAuditFile)
      return handle
    } catch (error) {
      if (error instanceof AuditError) throw error
      throw systemError(`${file} can't be created`, error)
    }
  }

  #write(bytes: Buffer): void {
    const handle = this.#handle as number
    try {
      if (this.#torn) ftruncateSync(handle, this.#bytes)
      this.#torn = false
      let written = 0
      while (written < bytes.length) {
        this.#torn = true
        written += writeSync(handle, bytes, written)
      }
      this.#torn = false
      this.#bytes += bytes.length
    } catch (error) {
      if (this.#torn) this.#cut(handle)
      throw systemError(`an entry can't be written to ${this.options.folder}`, error)
    }
  }

  #cut(handle: number): void {
    try {
      ftruncateSync(handle, this.#bytes)
      this.#torn = false
    } catch {
      // it is tried again before the next line
    }
  }
}
