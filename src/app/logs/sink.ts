/**
 * Where the lines of a process go: each into the file of its class, before the call returns. Where the disk does not take it, it waits
 * in memory, and the app goes on.
 */
import type { LogClass } from '../../shared/tiers'
import { ClassFile, type ClassFileOptions } from './class-file'
import { logClasses } from './names'
import { Waiting } from './waiting'

/** Why lines were lost. */
export type Loss = 'disk_full' | 'unwritable'

export interface SinkOptions {
  /** Called before each line, since settings change while the app runs. */
  readonly placeOf: (logClass: LogClass) => ClassFileOptions
  /** A file of a new day or size was begun. */
  readonly onOpen: () => void
  /** Lines do not go to the disk now. */
  readonly onFailure: (error: unknown) => void
  readonly onDropped: (logClass: LogClass, lines: number, why: Loss) => void
  /** What the file says where lines are missing. */
  readonly lossLine: (lines: number, why: Loss) => { readonly line: string; readonly at: number }
  readonly maxWaitingBytes: number
}

interface Stream {
  readonly logClass: LogClass
  readonly file: ClassFile
  readonly waiting: Waiting
  why: Loss
  lost: number
}

/** How often it is tried again. */
const RETRY_MS = 250
/** Of waiting lines, at a time: the app does something else in between. */
const BYTES_AT_ONCE = 2 * 1024 * 1024

export class Sink {
  readonly #streams: Readonly<Record<LogClass, Stream>>
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(private readonly options: SinkOptions) {
    const { placeOf, onOpen } = options
    const streamOf = (logClass: LogClass): [LogClass, Stream] => {
      const file = new ClassFile(logClass, () => placeOf(logClass), onOpen)
      return [logClass, { logClass, file, waiting: new Waiting(), why: 'unwritable', lost: 0 }]
    }
    this.#streams = Object.fromEntries(logClasses.map(streamOf)) as Record<LogClass, Stream>
    process.once('exit', this.#atExit)
  }

  /**
   * Never throws. A warning stands in two files: `backend.log` shows what happened in its order and is kept as information is; the
   * file of the warnings keeps them for longer.
   * @param line with its newline
   * @param at the time in it, in ms
   */
  write(logClass: LogClass, line: string, at: number): void {
    if (logClass === 'warn') this.#write(this.#streams.info, line, at)
    this.#write(this.#streams[logClass], line, at)
  }

  /** What can be written is on the disk then. Never throws. */
  flush(): void {
    for (const stream of this.#all()) {
      while (!stream.waiting.isEmpty && this.#drain(stream)) {
        // there is room
      }
      try {
        stream.file.sync()
      } catch (error) {
        this.options.onFailure(error)
      }
    }
  }

  /** Nothing is written after it. */
  close(): void {
    if (this.#isClosed) return
    process.off('exit', this.#atExit)
    this.#atExit()
    for (const { file } of this.#all()) file.close()
  }

  readonly #atExit = () => {
    this.flush()
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const stream of this.#all()) while (!stream.waiting.isEmpty) this.#drop(stream)
  }

  #write(stream: Stream, line: string, at: number): void {
    const { file, waiting } = stream
    if (waiting.isEmpty && !this.#isClosed) {
      try {
        file.writeLine(line, at)
        return
      } catch (error) {
        this.#failed(stream, error)
      }
    }
    waiting.add(line, at)
    if (this.#isClosed) this.#drop(stream)
    else this.#keepWithin()
  }

  #failed(stream: Stream, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException
    stream.why = code === 'ENOSPC' || code === 'EDQUOT' ? 'disk_full' : 'unwritable'
    this.options.onFailure(error)
    this.#timer ??= setTimeout(this.#retry, RETRY_MS).unref()
  }

  readonly #retry = () => {
    let isGoingOn = true
    for (const stream of this.#all()) if (!stream.waiting.isEmpty) isGoingOn = this.#drain(stream) && isGoingOn
    const waits = this.#all().some(({ waiting }) => !waiting.isEmpty)
    this.#timer = waits ? setTimeout(this.#retry, isGoingOn ? 1 : RETRY_MS).unref() : undefined
  }

  /** Writes a part of what waits. @returns false where the disk does not take it */
  #drain(stream: Stream): boolean {
    const { file, waiting } = stream
    let left = BYTES_AT_ONCE
    try {
      for (let next = waiting.first(); next && left > 0; next = waiting.first()) {
        const written = file.writeLines(next.lines, next.at)
        waiting.written(written)
        left -= written
      }
    } catch (error) {
      this.options.onFailure(error)
      return false
    }
    if (waiting.isEmpty) this.#sayLoss(stream)
    return true
  }

  #sayLoss(stream: Stream): void {
    const { lost, why } = stream
    if (lost === 0) return
    stream.lost = 0
    const { line, at } = this.options.lossLine(lost, why)
    this.#write(stream, line, at)
  }

  /** What is worth least goes first, and of that the oldest. */
  #keepWithin(): void {
    const all = this.#all()
    let bytes = all.reduce((sum, { waiting }) => sum + waiting.bytes, 0)
    while (bytes > this.options.maxWaitingBytes) {
      const stream = all.find(({ waiting }) => !waiting.isEmpty) as Stream
      const before = stream.waiting.bytes
      this.#drop(stream)
      bytes -= before - stream.waiting.bytes
    }
  }

  #drop(stream: Stream): void {
    const lines = stream.waiting.drop()
    stream.lost += lines
    this.options.onDropped(stream.logClass, lines, stream.why)
  }

  /** From what is worth least. */
  #all(): Stream[] {
    return logClasses.map(logClass => this.#streams[logClass])
  }
}
