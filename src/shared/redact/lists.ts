/** The user's lists: values that may stay, values that never may, and keys of both kinds. */
import { type CustomDetector, defineDetector } from './define'
import type { Tag } from './mask'
import type { Mode } from './modes'
import { normalise } from './normalise'
import { checkPattern } from './pattern'

/** A value as it is written, whatever its letter case, or a pattern that passes the growth check (`defineDetector`). */
export type ListedValue = string | RegExp

export interface Listed {
  /** Attribute keys; `*` stands for any characters (`http.request.header.*`). */
  keys?: readonly string[]
  values?: readonly ListedValue[]
}

/** True for a hit that may stay: its whole value is listed, or matches a listed pattern from end to end. */
export function createAllowed(values: readonly ListedValue[]): ((tag: Tag, value: string) => boolean) | undefined {
  if (values.length === 0) return undefined
  const texts = values.filter(value => typeof value === 'string').map(text => text.toLowerCase())
  const patterns = values.filter(value => value instanceof RegExp).map(whole)
  return (tag, value) =>
    texts.some(text => text === value.toLowerCase() || normalise(tag, text) === normalise(tag, value)) ||
    patterns.some(pattern => pattern.test(value))
}

function whole(pattern: RegExp): RegExp {
  checkPattern(pattern)
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[dgmy]/g, ''))
}

/** Detectors of what is never to leave, whatever it looks like. Listed words count as words: not Ann in Annual. */
export function createDenied(values: readonly ListedValue[]): CustomDetector[] {
  return values
    .map(value => (typeof value === 'string' ? word(value) : value))
    .map(pattern => defineDetector({ type: 'REDACTED', pattern }))
}

function word(text: string): RegExp {
  const source = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const [before, after] = [/^\w/.test(text) ? '(?<!\\w)' : '', /\w$/.test(text) ? '(?!\\w)' : '']
  return new RegExp(before + source + after, 'i')
}

/** What the lists and modes say of an attribute's key. */
export interface KeyRule {
  /** `keep`: nothing under it is read. `deny`: the whole value is replaced. */
  readonly list: 'keep' | 'deny' | undefined
  readonly mode: Mode | undefined
}

export function createKeyRules(
  allow: readonly string[],
  deny: readonly string[],
  modes: Readonly<Record<string, Mode>>,
): (key: string) => KeyRule {
  const isAllowed = matcher(allow)
  const isDenied = matcher(deny)
  const moded = Object.entries(modes).map(([key, mode]) => [matcher([key]), mode] as const)
  return key => ({
    list: isDenied(key) ? 'deny' : isAllowed(key) ? 'keep' : undefined,
    mode: moded.find(([matches]) => matches(key))?.[1],
  })
}

function matcher(keys: readonly string[]): (key: string) => boolean {
  const exact = new Set(keys.filter(key => !key.includes('*')))
  const globs = keys
    .filter(key => key.includes('*'))
    .map(key => new RegExp(`^${key.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&').replace(/\*+/g, '[^]{0,256}')}$`))
  return key => exact.has(key) || globs.some(glob => glob.test(key))
}
