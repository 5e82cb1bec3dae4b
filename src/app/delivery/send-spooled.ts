// Sends what processes that ended suddenly have left in the spool.
import { readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { OtlpTarget } from '../../shared/config/otlp'
import { reason, report, silence } from '../../shared/diag/report'
import { createTransport } from './retrying-transport'
import { claim, removeExpired, type Spooled, spooledIn } from './spool'
import { checkOwner, type SpoolPlace } from './spool-place'

/** Shorter than a claim. */
const patienceMs = 5 * 60_000

/** The request itself is bad, so it is at the next start too. */
const refusedForGood: readonly string[] = ['400', '413']

export type SpoolScreen = (signal: Spooled['signal'], request: Buffer) => Promise<Buffer | undefined>

/** Of the signals that are exported by OTLP. */
export type SpoolTargets = Partial<Record<Spooled['signal'], OtlpTarget>>

/** What the thread gets that sends while the process ends. */
export interface Ending {
  readonly place: SpoolPlace
  readonly targets: SpoolTargets
  /** Becomes 1. */
  readonly done: Int32Array
}

/**
 * Sends what earlier processes left, also what one of them was sending when it died, and what found no room in this one. The
 * first file that can't be delivered stays, with all after it. Never rejects.
 * @param screen returns the part of a request in protobuf that may leave, if there is one
 * @param flushing is aborted where somebody waits
 * @param onSent is told the name of each file that was delivered
 * @returns whether nothing is left that this process could send
 */
export async function sendSpooled(
  place: SpoolPlace,
  targets: SpoolTargets,
  screen?: SpoolScreen,
  flushing: AbortSignal = new AbortController().signal,
  onSent: (original: string) => void = () => {},
): Promise<boolean> {
  const { directory, isNamed } = place
  try {
    if (!isNamed) tidy(path.dirname(directory), place.longestMs)
    // spans first: they say whose a trace is, and so whose its log records are
    for (const spooled of spooledIn(directory).sort(
      (a, b) => Number(a.signal === 'logs') - Number(b.signal === 'logs'),
    )) {
      const { original, signal } = spooled
      const target = targets[signal]
      if (!target) continue
      const claimed = claim(directory, spooled)
      if (!claimed) continue
      const kept = readFileSync(claimed)
      const request = screen ? await screen(signal, kept) : kept
      if (!request) {
        rmSync(claimed)
        continue
      }
      const transport = createTransport({ ...target, protocol: 'http/protobuf' })
      const result = await transport.post(request, flushing, patienceMs)
      const isOver = result.ok || refusedForGood.includes(result.type)
      if (isOver) rmSync(claimed)
      else renameSync(claimed, path.join(directory, original))
      if (result.ok) {
        onSent(original)
        continue
      }
      if (isNamed)
        report(
          'AFN132',
          `a request that was kept in ${directory} could not be sent (${result.reason})${isOver ? ' and is deleted' : ''}`,
        )
      if (!isOver) return false
    }
  } catch (error) {
    if (isNamed && (error as NodeJS.ErrnoException).code !== 'ENOENT')
      report('AFN132', `telemetry kept in ${directory} could not be sent: ${reason(error)}`)
  }
  return true
}

/** In a thread of its own, while the one that ends waits: nobody reads what is reported there, and nothing is tried again. */
export async function sendForEnding({ place, targets, done }: Ending): Promise<void> {
  silence()
  // our sockets keep no thread alive
  setInterval(() => {}, 60_000)
  await sendSpooled(place, targets, undefined, AbortSignal.abort())
  Atomics.store(done, 0, 1)
  Atomics.notify(done, 0)
}

/**
 * Removes what nobody sends any more, of all services of this user.
 * @throws Error where the folder is not of this user alone
 */
function tidy(folder: string, longestMs: number): void {
  checkOwner(folder)
  for (const name of readdirSync(folder)) {
    const directory = path.join(folder, name)
    try {
      removeExpired({ directory, longestMs })
      // a young one may be about to be written into
      if (statSync(directory).mtimeMs + longestMs < Date.now()) rmdirSync(directory)
    } catch {
      // something waits there, or another process was faster
    }
  }
}
