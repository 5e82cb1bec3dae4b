// One process at a time is at work on a thing: two repairs that ran at once would push the same spans twice, and two erasures of one
// person would write over each other's state. The lease is a file of this machine. In a cluster, the only pod
// of the jobs takes its place.
//
// Each holder has a generation, which is in the name of its file. Only the creation of a file decides who holds the lease, and
// the file of the highest generation is never removed or written over by others: see docs/decisions/0026.
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { mayRun, type Writer } from './process'

/** A holder that has written nothing for so long is dead, whatever its process id says. */
const STALE_MS = 120_000
const RENEW_MS = 20_000

export interface Lease {
  /** False when this process slept for so long that another one may have taken the lease over. Ask before each change. */
  isHeld(): boolean
  release(): void
}

/**
 * @param file path without an ending; the files of the generations are in one folder
 * @param remedy what a user can do where the folder can't be written
 * @returns undefined while another process holds the lease
 * @throws Error when the folder can't be written
 */
export function takeLease(file: string, remedy: string): Lease | undefined {
  const newest = generations(file).at(-1)
  if (newest !== undefined && !isFree(nameOf(file, newest))) return undefined
  const ours = (newest ?? 0) + 1
  // Of two that take the same generation one fails here. Where the creation succeeds since a newer holder has tidied up, that
  // holder's file is there to be seen.
  if (!create(nameOf(file, ours), remedy)) return undefined
  if (generations(file).at(-1) !== ours) {
    rmSync(nameOf(file, ours), { force: true })
    return undefined
  }
  for (const older of generations(file)) if (older < ours) rmSync(nameOf(file, older), { force: true })
  return held(file, ours)
}

function held(file: string, ours: number): Lease {
  const name = nameOf(file, ours)
  let renewedAt = Date.now()
  const isHeld = () => Date.now() - renewedAt < STALE_MS && generations(file).at(-1) === ours
  const renewal = setInterval(() => {
    if (!isHeld()) return clearInterval(renewal)
    try {
      utimesSync(name, new Date(), new Date())
      renewedAt = Date.now()
    } catch {
      // the folder is gone or full: the lease ends by its age
    }
  }, RENEW_MS)
  renewal.unref()
  return {
    isHeld,
    release() {
      clearInterval(renewal)
      try {
        // the file stays: without it, one that has seen the generation before could take this one again
        if (isHeld()) writeFileSync(name, FREE, { flag: 'r+' })
      } catch {
        // it becomes free by its age
      }
    },
  }
}

const FREE = '{}'.padEnd(256)
const nameOf = (file: string, generation: number): string => `${file}.${generation}.lock`

/** Those that there are, the newest last. */
function generations(file: string): number[] {
  const prefix = `${path.basename(file)}.`
  return readdirSync(path.dirname(file))
    .filter(name => name.startsWith(prefix))
    .flatMap(name => Number(/^(\d{1,15})\.lock$/.exec(name.slice(prefix.length))?.[1] ?? []))
    .filter(generation => generation > 0)
    .sort((a, b) => a - b)
}

function create(file: string, remedy: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeSync(handle, JSON.stringify({ pid: process.pid, host: hostname() }).padEnd(256))
    closeSync(handle)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new Error(`${file} can't be written (${(error as NodeJS.ErrnoException).code}); ${remedy}`)
  }
}

function isFree(file: string): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true
    const { pid, host = '' } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Writer>
    return pid === undefined || !mayRun({ pid, host })
  } catch {
    // It was created this moment and is still empty, or a newer holder has tidied it up.
    return false
  }
}
