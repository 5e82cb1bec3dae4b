// What a run has rated, on disk before it is sent anywhere. A run that was ended leaves its journal, and the next one sends what is in it: each
// result is counted in the metrics of the run that made it, once, however often it is sent.
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import type { Judgement } from '../../../app/llm/report/quality/judgement'
import type { FoundCall } from '../../../backend/api/call-answers'
import { mayRun, thisProcess, type Writer } from '../../../shared/files/process'

export interface Result {
  readonly call: Pick<FoundCall, 'traceId' | 'spanId' | 'end' | 'service' | 'attributes'>
  readonly judgement: Judgement
}

export interface JournalHead {
  /** Of the metrics. */
  readonly instance: string
  /** Milliseconds since 1970. */
  readonly start: number
  /** Where the results go. */
  readonly to: string
  readonly writer: Writer
}

const ENDING = '.jsonl'
/** Of another machine's process nothing is known: it has ended when it has written nothing for so long. */
const SILENT_MS = 3_600_000

export class Journal {
  private constructor(
    private readonly file: string,
    readonly head: Pick<JournalHead, 'instance' | 'start'>,
    /** That it held when it was read. */
    readonly results: readonly Result[],
  ) {}

  /** @param folder is made where there is none @throws Error where it can't be written */
  static begin(folder: string, to: string): Journal {
    const head: JournalHead = { instance: randomUUID(), start: Date.now(), to, writer: thisProcess() }
    const file = path.join(folder, `${head.instance}${ENDING}`)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      appendFileSync(file, `${JSON.stringify(head)}\n`, { mode: 0o600 })
    } catch (error) {
      throw new Error(`${folder} can't be written (${(error as NodeJS.ErrnoException).code}); it keeps results until they are sent: make it writable, or set AFN_CACHE_DIR`) // biome-ignore format: one line
    }
    return new Journal(file, head, [])
  }

  /** Those of runs to the same receiver that have ended before their results were sent. */
  static left(folder: string, to: string): Journal[] {
    let names: string[]
    try {
      names = readdirSync(folder).filter(name => name.endsWith(ENDING))
    } catch {
      return []
    }
    return names.flatMap(name => Journal.#read(path.join(folder, name), to) ?? [])
  }

  static #read(file: string, to: string): Journal | undefined {
    try {
      const age = Date.now() - statSync(file).mtimeMs
      // the last line may be torn; what it was to say was not sent yet
      const [head, ...results] = readFileSync(file, 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line)) as [JournalHead, ...Result[]] // biome-ignore format: one line
      const isOver = !mayRun(head.writer) || (head.writer.host !== hostname() && age > SILENT_MS)
      return head.to === to && isOver ? new Journal(file, head, results) : undefined
    } catch {
      // another run has just sent it, or it is none
      return undefined
    }
  }

  /** @throws Error */
  add(result: Result): void {
    appendFileSync(this.file, `${JSON.stringify(result)}\n`)
  }

  /** All of it was sent. */
  end(): void {
    rmSync(this.file, { force: true })
  }
}
