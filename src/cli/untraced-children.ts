// Processes of Node.js that an app started without this package: a launcher that gives its child an environment of its own. By Linux' /proc.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface ChildProcessFound {
  readonly pid: number
  /** Its command line, at most 120 characters. */
  readonly command: string
}

/**
 * @param parent its children count, and theirs
 * @param preload the file of this package that each of them should load
 * @returns nothing where there is no /proc
 */
export function untracedChildren(parent: number, preload: string): ChildProcessFound[] {
  const children = childrenByParent()
  const found: ChildProcessFound[] = []
  const pids = [...(children.get(parent) ?? [])]
  for (let pid = pids.shift(); pid !== undefined; pid = pids.shift()) {
    pids.push(...(children.get(pid) ?? []))
    const args = textsOf(pid, 'cmdline')
    const isNode = /^node(?:js)?(?:\.exe)?$/.test(path.basename(args[0] ?? ''))
    if (!isNode || [...args, ...textsOf(pid, 'environ')].some(text => text.includes(preload))) continue
    found.push({ pid, command: args.filter(Boolean).join(' ').slice(0, 120) })
  }
  return found
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>()
  for (const name of namesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // the name of the program, in parentheses, may have spaces and parentheses
    const [, parent] = /\) \S (\d+)/.exec(textOf(`/proc/${name}/stat`)) ?? []
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)])
  }
  return children
}

const textsOf = (pid: number, file: 'cmdline' | 'environ'): string[] => textOf(`/proc/${pid}/${file}`).split('\0')

/** Empty for a process that has ended meanwhile, or is another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
