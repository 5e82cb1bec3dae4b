/**
 * Writes one chain. A line is written before `append()` returns, so that `kill -9` cannot lose it; `committed()` resolves when it is on
 * disk. All lines that arrive during an fdatasync share the next one (group commit).
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
/** Former name, which is now the link of the log file class `audit`. */
const FORMER_NEWEST = 'audit.log'

/** The position of a line in the log. */
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
  /** Called before each line, since the key ring may be rotated at run time. */
  readonly ring: () => KeyRing
  readonly now: () => number
  /** Size in bytes from which a new file is begun. */
  readonly maxBytes: number
  /** Called after each checkpoint, with its line. */
  readonly onCheckpoint?: ((line: string, checkpoint: Checkpoint) => void) | undefined
  /** Called if a checkpoint could not be stored. */
  readonly onCheckpointFailure: (error: unknown) => void
}

/** Number of lines between checkpoints. */
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
  /** Whether a failed write left an incomplete line, which is removed before the next one. */
  #torn = false
  /** Whether the disk lost part of the file, which then gets no further lines. */
  #isAbandoned = false
  #last: Receipt | undefined
  #syncing: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(private readonly options: WriterOptions) {}

  /** Writes a line. @throws AuditError; the chain is unchanged then */
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

  /** Resolves when everything appended so far is on disk. Rejects with AuditError. */
  committed(): Promise<void> {
    if (!this.#syncing) return this.#sync()
    this.#next ??= this.#syncing.then(
      () => this.#sync(),
      () => this.#sync(),
    )
    return this.#next
  }

  /** Likewise, but synchronously. */
  commit(): void {
    if (this.#handle === undefined) return
    try {
      fdatasyncSync(this.#handle)
    } catch (error) {
      throw this.#notDurable(error)
    }
  }

  /** Signs the chain's current length; a failure is reported, but does not affect the line. */
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

  /** The kernel reports a lost write only once per file, so the next line goes into a new one. */
  #notDurable(error: unknown): AuditError {
    this.#isAbandoned = true
    return systemError(`recorded entries may not be on disk in ${this.options.folder}`, error)
  }

  #useFileOf(date: string): void {
    // If the clock goes back, lines do not go into a file of an earlier day, which may be swept already.
    const day = date > this.#date ? date : this.#date
    const hasRoom = this.#bytes < this.options.maxBytes && !this.#isAbandoned
    if (this.#handle !== undefined && day === this.#date && hasRoom) return
    const part = day === this.#date ? this.#part + 1 : 0
    // committed() only syncs the newest file, so all lines must be on disk before a file is left
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
      // retried before the next line
    }
  }
}
