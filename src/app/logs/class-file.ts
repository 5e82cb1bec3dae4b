/**
 * The file into which the lines of one class go. A line goes into the file of its own day, and a file that has its size is followed
 * by the next: nothing is renamed, so that no line goes into a file that somebody else has moved.
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { isMainThread, threadId } from 'node:worker_threads'
import { linkNewest } from '../../shared/files/newest-link'
import type { LogClass } from '../../shared/tiers'
import { fileName, parseName } from './names'

export interface ClassFileOptions {
  readonly folder: string
  /** Path of the link to the newest file. */
  readonly link: string
  /** Bytes of a file after which a new one is begun. */
  readonly maxBytes: number
}

export const DAY_MS = 86_400_000
/** How often it is looked whether somebody has removed the file. */
const LOOK_MS = 1_000
const NEWLINE = 10
const writer = `${process.pid}${isMainThread ? '' : `t${threadId}`}`
const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants

export class ClassFile {
  #handle: number | undefined
  #folder = ''
  #day = Number.NaN
  #bytes = 0
  #looked = 0
  /** A part of a line stands behind the last whole one; it is cut off before the next write. */
  #torn = false

  constructor(
    private readonly logClass: LogClass,
    private readonly place: () => ClassFileOptions,
    private readonly onOpen: () => void,
  ) {}

  /**
   * Writes one line. @param at its time, in ms
   * @throws Error of the system; nothing of the line is in the file then
   */
  writeLine(line: string, at: number): void {
    this.#useFileOf(at)
    const length = Buffer.byteLength(line)
    const written = this.#write(() => writeSync(this.#handle as number, line))
    if (written === length) this.#bytes += length
    // the disk took a part: its next answer says why
    else this.#finish(Buffer.from(line), written)
  }

  /**
   * Writes lines of one day. @param at the time of the first
   * @returns bytes of the whole lines that are in the file now; fewer than those of `lines` when the disk is full
   * @throws Error of the system when it took no whole line
   */
  writeLines(lines: Buffer, at: number): number {
    this.#useFileOf(at)
    const written = this.#write(() => writeSync(this.#handle as number, lines))
    if (written === lines.length) {
      this.#bytes += written
      return written
    }
    const whole = lines.lastIndexOf(NEWLINE, written - 1) + 1
    this.#bytes += whole
    this.#cut()
    if (whole > 0) return whole
    this.#finish(lines.subarray(0, lines.indexOf(NEWLINE) + 1), 0)
    return lines.indexOf(NEWLINE) + 1
  }

  /** Until what was written is on the disk. @throws Error of the system */
  sync(): void {
    if (this.#handle !== undefined) fdatasyncSync(this.#handle)
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle)
    this.#handle = undefined
  }

  /** Writes what is left of a line of which the disk took a part, or takes the part back. */
  #finish(line: Buffer, written: number): void {
    this.#torn = true
    let done = written
    try {
      while (done < line.length) done += writeSync(this.#handle as number, line, done)
    } catch (error) {
      this.#cut()
      throw error
    }
    this.#torn = false
    this.#bytes += line.length
  }

  #write(act: () => number): number {
    if (this.#torn) {
      ftruncateSync(this.#handle as number, this.#bytes)
      this.#torn = false
    }
    return act()
  }

  #cut(): void {
    this.#torn = true
    try {
      ftruncateSync(this.#handle as number, this.#bytes)
      this.#torn = false
    } catch {
      // it is tried again before the next write
    }
  }

  #useFileOf(at: number): void {
    const { folder, maxBytes } = this.place()
    const day = Math.floor(at / DAY_MS)
    const isRight = day === this.#day && folder === this.#folder && this.#bytes < maxBytes
    if (this.#handle !== undefined && isRight && !this.#isRemoved(at)) return
    const opened = this.#open(day)
    if (this.#torn) this.#cut()
    this.close()
    this.#handle = opened
    this.#folder = folder
    this.#day = day
    this.#bytes = 0
    this.#torn = false
    this.#looked = at
    this.onOpen()
  }

  /** Lines that go into a removed file are nowhere. */
  #isRemoved(at: number): boolean {
    if (Math.abs(at - this.#looked) < LOOK_MS) return false
    this.#looked = at
    return fstatSync(this.#handle as number).nlink === 0
  }

  /** The file is new in any case: a process id comes again, and in each container there may be a process 1. */
  #open(day: number): number {
    const { folder, link } = this.place()
    const { logClass } = this
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
    for (let part = nextPart(folder, logClass, date); ; part++) {
      const file = path.join(folder, fileName({ logClass, date, part, writer }))
      try {
        const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o640)
        linkNewest(file, link, writer, target => parseName(target) !== undefined)
        return handle
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }
}

function nextPart(folder: string, logClass: LogClass, date: string): number {
  let next = 0
  for (const name of readdirSync(folder)) {
    const file = parseName(name)
    if (file?.logClass === logClass && file.date === date && file.writer === writer)
      next = Math.max(next, file.part + 1)
  }
  return next
}
