// The file systems that the process writes to: of the root, the working directory, temporary files, and folders of the settings.
import { readFileSync, realpathSync } from 'node:fs'
import { statfs } from 'node:fs/promises'

export interface Mount {
  readonly device: string
  readonly mountpoint: string
  readonly type: string
  readonly mode: 'rw' | 'ro'
}

export interface Filesystem extends Mount {
  readonly size: number
  readonly free: number
  /** What others than root may use of it. */
  readonly available: number
  /** `undefined` where the file system has no table of inodes. */
  readonly inodes: { readonly total: number; readonly free: number } | undefined
}

/** The mounts in which the folders lie, each once. */
export function mountsOf(folders: readonly string[], table = '/proc/self/mounts'): Mount[] {
  const mounts = parse(textOf(table))
  const found = new Map<string, Mount>()
  for (const folder of folders) {
    const real = resolved(folder)
    // the last one that is mounted there is the one that is seen
    const [mount] = mounts
      .filter(({ mountpoint }) => mountpoint === '/' || real === mountpoint || real.startsWith(`${mountpoint}/`))
      .reverse()
      .sort((a, b) => b.mountpoint.length - a.mountpoint.length)
    const known = mount ?? { device: '', mountpoint: folder, type: '', mode: 'rw' as const }
    found.set(known.mountpoint, known)
  }
  return [...found.values()]
}

function parse(table: string): Mount[] {
  return table.split('\n').flatMap(line => {
    const [device, mountpoint, type, options] = line.split(' ').map(unescaped)
    if (!device || !mountpoint || !type || options === undefined) return []
    return [{ device, mountpoint, type, mode: options.split(',').includes('ro') ? ('ro' as const) : ('rw' as const) }]
  })
}

/** proc(5): space, tab, newline and backslash are written as octal numbers. */
const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function resolved(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

/** Longer than a local disk takes; a server of files that is gone takes for ever, and holds a thread. */
const patienceMs = 250

/** Reads each mount, and leaves out one that does not answer: until it has, it is not read again. */
export class Filesystems {
  readonly #waiting = new Set<string>()

  constructor(private readonly mounts: readonly Mount[]) {}

  async read(): Promise<Filesystem[]> {
    const read = await Promise.all(this.mounts.map(mount => this.#readOne(mount)))
    return read.filter(one => one !== undefined)
  }

  async #readOne(mount: Mount): Promise<Filesystem | undefined> {
    const { mountpoint } = mount
    if (this.#waiting.has(mountpoint)) return undefined
    this.#waiting.add(mountpoint)
    const work = statfs(mountpoint)
      .catch(() => undefined)
      .finally(() => this.#waiting.delete(mountpoint))
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<undefined>(resolve => {
      timer = setTimeout(() => resolve(undefined), patienceMs).unref()
    })
    const found = await Promise.race([work, over])
    clearTimeout(timer)
    if (!found || found.blocks === 0) return undefined
    const { bsize, blocks, bfree, bavail, files, ffree } = found
    return {
      ...mount,
      size: blocks * bsize,
      free: bfree * bsize,
      available: bavail * bsize,
      inodes: files > 0 ? { total: files, free: ffree } : undefined,
    }
  }
}
