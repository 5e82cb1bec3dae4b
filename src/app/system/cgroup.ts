// How much memory and time the process may have where a container bounds it: of cgroup v2, else of v1. A share of the machine's memory
// says nothing there.
import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface Cgroup {
  /** With page cache. */
  readonly memoryUsage: number
  /** Usage without the page cache that the kernel would give up first: what is compared with the limit. */
  readonly workingSet: number
  /** The smallest of the group and those above it. `undefined` where nothing is limited. */
  readonly memoryLimit: number | undefined
  readonly cpuSeconds: { readonly user: number; readonly system: number } | undefined
}

/** v1 writes "no limit" as the largest number of pages, some 9.2e18. */
const noLimit = 2 ** 60
const ticksPerSecond = 100

/** @param root of the file system, another one in tests. `undefined` outside of Linux, and where there is no memory controller */
export function cgroup(root = '/'): Cgroup | undefined {
  const own = read(root, 'proc/self/cgroup')
  if (own === undefined) return undefined
  const groups = own.split('\n').map(line => /^\d+:([^:]*):(.*)$/.exec(line))
  const pathOf = (controller: string) => groups.find(group => group?.[1]?.split(',').includes(controller))?.[2]
  const v1 = pathOf('memory')
  return v1 === undefined ? version2(root, pathOf('') ?? '/') : version1(root, v1, pathOf('cpuacct') ?? '/')
}

function version2(root: string, group: string): Cgroup | undefined {
  const base = 'sys/fs/cgroup'
  const folders = upwards(group)
  const own = folders.find(folder => read(root, base, folder, 'memory.current') !== undefined)
  if (own === undefined) return undefined
  const memoryUsage = number(root, base, own, 'memory.current') ?? 0
  const inactive = field(read(root, base, own, 'memory.stat'), 'inactive_file') ?? 0
  const cpu = read(root, base, own, 'cpu.stat')
  const [user, system] = [field(cpu, 'user_usec'), field(cpu, 'system_usec')]
  return {
    memoryUsage,
    workingSet: Math.max(0, memoryUsage - inactive),
    memoryLimit: smallest(upwards(own).map(folder => number(root, base, folder, 'memory.max'))),
    cpuSeconds: user === undefined || system === undefined ? undefined : { user: user / 1e6, system: system / 1e6 },
  }
}

function version1(root: string, group: string, cpuGroup: string): Cgroup | undefined {
  const base = 'sys/fs/cgroup/memory'
  const own = upwards(group).find(folder => read(root, base, folder, 'memory.usage_in_bytes') !== undefined)
  if (own === undefined) return undefined
  const memoryUsage = number(root, base, own, 'memory.usage_in_bytes') ?? 0
  const stat = read(root, base, own, 'memory.stat')
  const limits = upwards(own).map(folder => number(root, base, folder, 'memory.limit_in_bytes'))
  const cpu = upwards(cpuGroup)
    .map(folder => read(root, 'sys/fs/cgroup/cpuacct', folder, 'cpuacct.stat'))
    .find(text => text !== undefined)
  const [user, system] = [field(cpu, 'user'), field(cpu, 'system')]
  return {
    memoryUsage,
    workingSet: Math.max(0, memoryUsage - (field(stat, 'total_inactive_file') ?? 0)),
    memoryLimit: smallest(limits),
    cpuSeconds:
      user === undefined || system === undefined
        ? undefined
        : { user: user / ticksPerSecond, system: system / ticksPerSecond },
  }
}

/** `/a/b` → `/a/b`, `/a`, `/`. In a container the path may be the one that the host sees, and only `/` is there. */
function upwards(group: string): string[] {
  const parts = group.split('/').filter(part => part && part !== '..')
  return [...parts.map((_, at) => parts.slice(0, parts.length - at).join('/')), '']
}

function read(root: string, ...parts: string[]): string | undefined {
  try {
    return readFileSync(path.join(root, ...parts), 'utf8')
  } catch {
    return undefined
  }
}

function number(root: string, ...parts: string[]): number | undefined {
  const text = read(root, ...parts)?.trim()
  return text && /^\d+$/.test(text) ? Number(text) : undefined
}

function field(text: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text ?? '')?.[1]
  return found === undefined ? undefined : Number(found)
}

function smallest(limits: readonly (number | undefined)[]): number | undefined {
  const real = limits.filter((limit): limit is number => limit !== undefined && limit < noLimit)
  return real.length > 0 ? Math.min(...real) : undefined
}
