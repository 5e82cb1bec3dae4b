/** The same error is recorded once in five seconds: a loop that fails must not fill the store. */
import type { Attributes } from './otlp'
import { event } from './record'

const WINDOW = 5_000
const recordedAt = new Map<unknown, number>()

/** @param key what is the same error */
export function errorOnce(name: string, key: unknown, attributes: Attributes): void {
  const now = performance.now()
  if (now - (recordedAt.get(key) ?? -WINDOW) < WINDOW) return
  if (recordedAt.size > 100) recordedAt.clear()
  recordedAt.set(key, now)
  event(name, attributes, 17)
}
