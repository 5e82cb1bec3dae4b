// What the store or a question failed at, for who runs the server: on stderr, each fault again when it is still there after an hour.

/** Kinds of faults, and when they were told: milliseconds that no clock can set back. */
const told = new Map<string, number>()
const HOUR = 3_600_000
/** Since the start, told or not. */
export const faults = { count: 0 }
/** In an hour: a disk that is full says so in many ways. */
const MOST = 20

/** What DuckDB says of a file that is not what it wrote. */
export const damage = /Corrupt database file|not a valid DuckDB database|Serialization Error/

/** @param what happened to the client */
export function tellFault(what: string, { message }: Error): void {
  faults.count++
  const now = performance.now()
  for (const [kind, at] of told) if (now - at >= HOUR) told.delete(kind)
  // sizes and positions differ each time
  const kind = message.replace(/\d+/g, '#')
  if (told.size >= MOST || told.has(kind)) return
  told.set(kind, now)
  const remedy = damage.test(message) ? '; end it, and start it with --repair' : ''
  console.error(`afn-otel up: ${what} (${message})${remedy}`)
}
