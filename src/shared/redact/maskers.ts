// What values become, by the mode that their key asks for.
import type { Counts } from './counts'
import { createAllowed, type Listed } from './lists'
import type { Masker } from './mask'
import { createMasker, type Hmac, MODES, type Mode } from './modes'

/** Of a redactor's options those that say what a value becomes. */
interface MaskOptions {
  readonly mode?: Mode
  readonly types?: Readonly<Record<string, Mode>>
  readonly allow?: Listed
  readonly hmac?: Hmac | undefined
}

/** A masker for each mode that a key may ask for, and one for all other keys. They count what they replace. */
export function createMaskers(options: MaskOptions, counts: Counts): ReadonlyMap<Mode | undefined, Masker> {
  const { mode = 'mask', types = {}, hmac } = options
  const isAllowed = createAllowed(options.allow?.values ?? [])
  const maskers = new Map<Mode | undefined, Masker>()
  for (const keyMode of [undefined, ...MODES]) {
    const masked = createMasker({ mode, types, hmac }, keyMode)
    maskers.set(keyMode, (tag, value) => {
      if (isAllowed?.(tag, value)) return undefined
      counts.matches.set(tag, (counts.matches.get(tag) ?? 0) + 1)
      return masked(tag, value)
    })
  }
  return maskers
}
