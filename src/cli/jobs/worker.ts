// One job: when it is due, its run as a process of its own, and what is told of it. What one job does to its process, no other one feels.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import {
  ATTR_AFN_JOB_NAME,
  METRIC_AFN_JOB_FAILURES,
  METRIC_AFN_JOB_INTERVAL,
  METRIC_AFN_JOB_LAST_RUN,
  METRIC_AFN_JOB_LAST_SUCCESS,
} from '../../../semconv'
import type { Job } from '../../pipeline/deployment/jobs'
import { contentHash } from '../../shared/files/content-hash'
import { pushGauges } from '../push-gauges'
import { plainText } from '../terminal'

const MINUTE_MS = 60_000
/** A run that hangs is ended: the next one begins anew. */
const LONGEST_MS = 15 * MINUTE_MS
const PATIENCE_MS = 10_000

export interface JobState {
  readonly name: string
  readonly seconds: number
  /** Whether a run is at work. */
  readonly running: boolean
  /** RFC 3339; null before the first run has ended. */
  readonly lastRun: string | null
  readonly lastSuccess: string | null
  /** Runs that have failed one after the other. */
  readonly failures: number
  /** Of the file by which the last run that ended went; null where it goes by none. */
  readonly reads: string | null
}

export class Worker {
  #job: Job
  #due = 0
  #child: ChildProcess | undefined
  #ended: Promise<void> | undefined
  #lastRun: number | undefined
  #lastSuccess: number | undefined
  #failures = 0
  #isOver = false
  /** Of the file: by which the last run was begun, and by which one has ended. */
  #begunBy: string | undefined
  #endedBy: string | undefined
  #file: { readonly state: string; readonly hash: string } | undefined

  constructor(job: Job) {
    this.#job = job
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }

  /** A row that has changed is a reason to run. */
  take(job: Job): void {
    if (JSON.stringify(job) !== JSON.stringify(this.#job)) this.#due = 0
    this.#job = job
  }

  isDue(now: number): boolean {
    return !this.isRunning && (now >= this.#due || this.#begunBy !== this.#hash())
  }

  /** @returns when the run has ended */
  run(): Promise<void> {
    this.#ended ??= this.#run().finally(() => {
      this.#ended = undefined
    })
    return this.#ended
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#child?.kill('SIGTERM')
    await this.#ended
  }

  state(): JobState {
    const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
    return {
      name: this.#job.name,
      seconds: this.#job.seconds,
      running: this.isRunning,
      lastRun: time(this.#lastRun),
      lastSuccess: time(this.#lastSuccess),
      failures: this.#failures,
      reads: this.#endedBy ?? null,
    }
  }

  async #run(): Promise<void> {
    const { name, seconds, command, done = [0] } = this.#job
    const begun = Date.now()
    this.#begunBy = this.#hash()
    const code = await this.#codeOf(name, command)
    if (this.#isOver) return
    const isDone = code !== null && done.includes(code)
    this.#lastRun = Date.now()
    this.#endedBy = this.#begunBy
    this.#failures = isDone ? 0 : this.#failures + 1
    if (isDone) this.#lastSuccess = this.#lastRun
    else console.error(`${name}: failed (${code === null ? 'it was ended' : `exit code ${code}`})`)
    // what is away when all begins together is there some minutes later
    const pause = isDone ? seconds * 1_000 : Math.min(seconds * 1_000, MINUTE_MS * 2 ** Math.min(this.#failures - 1, 6))
    this.#due = begun + pause
    await this.#tell()
  }

  /** Of the file by which it goes, read where it is another one than before; undefined where there is none. */
  #hash(): string | undefined {
    const { reads } = this.#job
    if (reads === undefined) return undefined
    try {
      const { ino, size, mtimeMs, ctimeMs } = statSync(reads)
      const state = [reads, ino, size, mtimeMs, ctimeMs].join(' ')
      if (this.#file?.state !== state) this.#file = { state, hash: contentHash(readFileSync(reads, 'utf8')) }
      return this.#file.hash
    } catch {
      return undefined
    }
  }

  #codeOf(name: string, command: readonly string[]): Promise<number | null> {
    return new Promise(resolve => {
      const child = spawn(process.execPath, [process.argv[1]!, ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
      this.#child = child
      let kill: NodeJS.Timeout | undefined
      const end = setTimeout(
        () => {
          child.kill('SIGTERM')
          kill = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
        },
        Math.max(LONGEST_MS, this.#job.seconds * 1_000),
      )
      const over = (code: number | null) => {
        clearTimeout(end)
        clearTimeout(kill)
        this.#child = undefined
        resolve(code)
      }
      createInterface({ input: child.stdout }).on('line', line => console.log(`${name}: ${plainText(line)}`))
      createInterface({ input: child.stderr }).on('line', line => console.error(`${name}: ${plainText(line)}`))
      child.once('error', error => {
        console.error(`${name}: ${error.message}`)
        over(null)
      })
      child.once('close', over)
    })
  }

  async #tell(): Promise<void> {
    const attributes = { [ATTR_AFN_JOB_NAME]: this.#job.name }
    await pushGauges([
      { name: METRIC_AFN_JOB_INTERVAL, value: this.#job.seconds, attributes },
      { name: METRIC_AFN_JOB_LAST_RUN, value: this.#lastRun! / 1_000, attributes },
      { name: METRIC_AFN_JOB_FAILURES, unit: '{error}', value: this.#failures, attributes },
      ...(this.#lastSuccess === undefined
        ? []
        : [{ name: METRIC_AFN_JOB_LAST_SUCCESS, value: this.#lastSuccess / 1_000, attributes }]),
    ])
  }
}
