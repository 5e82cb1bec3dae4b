// Which package a file belongs to.
import path from 'node:path'

const nodeModules = `${path.sep}node_modules${path.sep}`

export interface Package {
  readonly name: string
  readonly basedir: string
}

/** Package name and folder of a file below `node_modules`. */
export function locate(filename: string): Package | undefined {
  const at = filename.lastIndexOf(nodeModules)
  if (at < 0) return undefined
  const [first, second] = filename.slice(at + nodeModules.length).split(path.sep, 2) as [string, string | undefined]
  const name = first.startsWith('@') ? path.join(first, second ?? '') : first
  return { name: name.replaceAll(path.sep, '/'), basedir: filename.slice(0, at + nodeModules.length) + name }
}

const mains = new Map<string, string | undefined>()

/** The file that a require of the package's bare name gives. */
export function mainOf({ name, basedir }: Package): string | undefined {
  if (!mains.has(basedir)) mains.set(basedir, resolve(name, basedir))
  return mains.get(basedir)
}

function resolve(name: string, from: string): string | undefined {
  try {
    return require.resolve(name, { paths: [from] })
  } catch {
    return undefined
  }
}
