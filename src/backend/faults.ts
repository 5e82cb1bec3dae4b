// What the store or a question failed at, for who runs the server: on stderr, each fault again when it is still there after an hour.

/** What DuckDB says of a file that is not what it wrote. */
const damage = /Corrupt database file|Could not read enough bytes|not a valid DuckDB database|Serialization Error/

/** What DuckDB says may quote the statement, or the data: a client hears this. */
const known: readonly (readonly [words: RegExp, reason: string])[] = [
  [/^(Error: )?Out of Memory Error/, "it exceeds the store's memory limit; choose a shorter time range"],
  [damage, 'part of the file is damaged; restart afn-otel up with --repair'],
  [/No space left|the disk is full|File too large/, 'the disk is full'],
  [/^(Error: )?FATAL Error|has been invalidated/, 'the store is reopening; retry'],
]

/** For a client; undefined where only stderr says more. */
export const reasonFor = (error: unknown): string | undefined => known.find(([words]) => words.test(String(error)))?.[1]

/** Kinds of faults, and when they were told: milliseconds that no clock can set back. */
const told = new Map<string, number>()
const HOUR = 3_600_000
/** Since the start, told or not. */
export const faults = { count: 0 }
/** In an hour: a disk that is full says so in many ways. */
const MOST = 20

/** @param what happened to the client */
export function tellFault(what: string, { message }: Error): void {
  faults.count++
  const now = performance.now()
  for (const [kind, at] of told) if (now - at >= HOUR) told.delete(kind)
  // sizes and positions differ each time
  const kind = message.replace(/\d+/g, '#')
  if (told.size >= MOST || told.has(kind)) return
  told.set(kind, now)
  const remedy = damage.test(message) ? '; stop it and restart it with --repair' : ''
  console.error(`afn-otel up: ${what} (${message})${remedy}`)
}
