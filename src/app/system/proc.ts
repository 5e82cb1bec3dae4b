// What Linux tells of the machine and of this process in /proc; elsewhere what Node knows. Read at once, since files of /proc are
// memory: all of them together take less time than handing one to a thread.
import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'

/** Seconds since boot, by mode. The names are those of `cpu.mode`. */
export type CpuSeconds = Readonly<Record<string, number>>

export interface Memory {
  readonly total: number
  readonly free: number
  readonly buffers?: number
  /** The page cache, and what of the kernel's own memory can be taken back. */
  readonly cached?: number
  /** What a new process could have without swapping. */
  readonly available: number
}

/** The kernel counts in hundredths of a second on every platform that Node runs on. */
const ticksPerSecond = 100
const KiB = 1_024

/** `undefined` where the file is not there, as on other systems and in some sandboxes. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** https://www.kernel.org/doc/html/latest/filesystems/proc.html: user and nice hold guests already */
const columns = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'interrupt', 'steal']

export function cpuSeconds(proc = '/proc'): CpuSeconds {
  const line = /^cpu +(.*)$/m.exec(read(`${proc}/stat`) ?? '')?.[1]
  const sums: Record<string, number> = {}
  const add = (mode: string, seconds: number) => {
    sums[mode] = (sums[mode] ?? 0) + seconds
  }
  const ticks = line?.split(' ').map(Number) ?? []
  for (const [at, mode] of columns.entries()) if (ticks[at] !== undefined) add(mode, ticks[at] / ticksPerSecond)
  if (line !== undefined) return sums
  for (const { times } of os.cpus()) {
    const { user, nice, sys: system, idle, irq: interrupt } = times
    for (const [mode, ms] of Object.entries({ user, nice, system, idle, interrupt })) add(mode, ms / 1_000)
  }
  return sums
}

export function memory(proc = '/proc'): Memory {
  const text = read(`${proc}/meminfo`)
  const bytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text ?? '')?.[1]) * KiB
  const total = bytes('MemTotal')
  if (!(total > 0)) return { total: os.totalmem(), free: os.freemem(), available: os.freemem() }
  return {
    total,
    free: bytes('MemFree'),
    buffers: bytes('Buffers'),
    cached: bytes('Cached') + (bytes('SReclaimable') || 0),
    available: bytes('MemAvailable') || bytes('MemFree'),
  }
}

/** Processes of the machine, or of the container where it has a table of its own. `undefined` where nobody tells. */
export function processCount(proc = '/proc'): number | undefined {
  try {
    let count = 0
    for (const name of readdirSync(proc)) if (name >= '1' && name < ':') count++
    return count || undefined
  } catch {
    return undefined
  }
}

/** Seconds since boot. */
export function uptime(proc = '/proc'): number {
  const seconds = Number.parseFloat(read(`${proc}/uptime`) ?? '')
  return Number.isFinite(seconds) ? seconds : os.uptime()
}

export interface OwnProcess {
  readonly threads: number | undefined
  readonly virtualBytes: number | undefined
  readonly descriptors: number | undefined
}

export function ownProcess(proc = '/proc'): OwnProcess {
  const status = read(`${proc}/self/status`) ?? ''
  const number = (name: string) => {
    const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const virtual = number('VmSize')
  let descriptors: number | undefined
  try {
    // less the one that the listing opens
    descriptors = readdirSync(`${proc}/self/fd`).length - 1
  } catch {
    // not on this system
  }
  return { threads: number('Threads'), virtualBytes: virtual === undefined ? undefined : virtual * KiB, descriptors }
}
