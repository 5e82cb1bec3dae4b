/** The same error is recorded once in five seconds: a loop that fails must not fill the store. */
import type { Attributes } from './otlp'
import { event } from './record'

/** By `performance.now()`, until when it is not recorded again. */
const knownUntil = new Map<unknown, number>()

/** @param key what is the same error */
export function errorOnce(name: string, key: unknown, attributes: Attributes): void {
  const now = performance.now()
  if (now < knownUntil.get(key)!) return
  if (knownUntil.size > 100) knownUntil.clear()
  knownUntil.set(key, now + 5_000)
  event(name, attributes, 17)
}
