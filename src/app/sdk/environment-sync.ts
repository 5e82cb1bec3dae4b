// Chunk `environment-sync`: the functions of `child_process` that wait for the child. Node tells nobody of theirs, so they are replaced in
// the module that the app loads; what the child gets is the same as that of the others.
import type * as childProcess from 'node:child_process'
import { trace } from '@opentelemetry/api'
import { withPropertiesOf } from '../llm/observe/likeness'
import { passContext } from './environment'

type Sync = (...given: unknown[]) => unknown
type Module = Pick<typeof childProcess, 'execFileSync' | 'execSync' | 'spawnSync'>

const names = ['execFileSync', 'execSync', 'spawnSync'] as const
const replaced = new WeakSet<object>()

/**
 * @param module what the app requires, or the namespace of its import, which has copies
 * @param onFailure a failure of ours: the child is started as the app wants it
 */
export function passContextInSync(module: Module, onFailure: (error: unknown) => void): void {
  for (const name of names) {
    const native = module[name] as Sync
    if (typeof native !== 'function' || replaced.has(native)) continue
    const ours = withPropertiesOf(native, function (this: unknown, ...given: unknown[]) {
      return Reflect.apply(native, this, withContext(name, given, onFailure))
    })
    replaced.add(ours)
    ;(module as Record<string, Sync>)[name] = ours
  }
}

function withContext(name: string, given: unknown[], onFailure: (error: unknown) => void): unknown[] {
  try {
    if (!trace.getActiveSpan()) return given
    // a command has no list of arguments, and a file may do without
    const at = name === 'execSync' || isObject(given[1]) ? 1 : 2
    const options = given[at] ?? {}
    if (!isObject(options)) return given
    const env = options.env ?? process.env
    if (!isObject(env)) return given
    const carrying = environmentOf(env)
    if (!carrying) return given
    const passed = [...given]
    passed[at] = { ...options, env: carrying }
    return passed
  } catch (error) {
    onFailure(error)
    return given
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A copy with the context; undefined where the app has set its own, or nothing is to be passed. */
function environmentOf(env: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const all: Record<string, unknown> = {}
  // Node reads those of a prototype too
  for (const name in env) if (env[name] !== undefined) all[name] = env[name]
  const before = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  const pairs = [...before]
  passContext(pairs)
  const [isKept, isThere] = [new Set(pairs), new Set(before)]
  if (pairs.length === before.length && pairs.every(pair => isThere.has(pair))) return undefined
  for (const [name, value] of Object.entries(all)) if (!isKept.has(`${name}=${value}`)) delete all[name]
  for (const pair of pairs) {
    const [name, value] = pair.split(/=(.*)/s)
    if (!isThere.has(pair)) all[name!] = value
  }
  return all
}
