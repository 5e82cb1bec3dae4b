/** The same error is told once in five seconds: a loop that fails must not fill the store. */
import type { Attributes } from './otlp'
import { event } from './record'

const WINDOW = 5_000
const told = new Map<unknown, number>()

/** @param key what is the same error */
export function errorOnce(name: string, key: unknown, attributes: Attributes): void {
  const now = performance.now()
  if (now - (told.get(key) ?? -WINDOW) < WINDOW) return
  if (told.size > 100) told.clear()
  told.set(key, now)
  event(name, attributes, 17)
}
