// Which process writes a file, and whether it still runs: what it has begun to write is not torn, and what it holds is not free.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Writer {
  readonly pid: number
  readonly host: string
  /** When the process began, in clock ticks since the machine's start: a process id is used again. Absent outside of Linux. */
  readonly started?: string
}

export const thisProcess = (): Writer => ({ pid: process.pid, host: hostname(), ...startOf(process.pid) })

/** False only where it is certain: of another machine's process nothing is known. */
export function mayRun({ pid, host, started }: Writer): boolean {
  if (host !== hostname()) return true
  if (!isRunning(pid)) return false
  return started === undefined || startOf(pid).started === started
}

/** Whether a process of this machine runs. True where that can't be known: it may be another user's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** proc(5): `starttime` is field 22; the name of the program, field 2, may have spaces and parentheses. */
function startOf(pid: number): { started?: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return started === undefined ? {} : { started }
  } catch {
    return {}
  }
}
