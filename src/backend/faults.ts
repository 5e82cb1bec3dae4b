// Reports faults of the store and of queries on stderr, for the operator. Each fault is repeated at most once an hour.

/** DuckDB's errors about a damaged file. */
const damage = /Corrupt database file|Could not read enough bytes|not a valid DuckDB database|Serialization Error/

/** The texts that clients get, because DuckDB's own may quote the statement or the data. */
const known: readonly (readonly [words: RegExp, reason: string])[] = [
  [/^(Error: )?Out of Memory Error/, "it exceeds the store's memory limit; choose a shorter time range"],
  [damage, 'part of the file is damaged; restart afn-otel up with --repair'],
  [/No space left|the disk is full|File too large/, 'the disk is full'],
  [/^(Error: )?FATAL Error|has been invalidated/, 'the store is reopening; retry'],
]

/** The text for a client; undefined if only stderr has the details. */
export const reasonFor = (error: unknown): string | undefined => known.find(([words]) => words.test(String(error)))?.[1]

/** Kinds of faults and when they were reported, in milliseconds of a monotonic clock. */
const told = new Map<string, number>()
const HOUR = 3_600_000
/** All faults since the start, reported or not. */
export const faults = { count: 0 }
/** Maximum reports per hour; a full disk causes many different errors. */
const MOST = 20

/** @param what happened, from the client's point of view */
export function tellFault(what: string, { message }: Error): void {
  faults.count++
  const now = performance.now()
  for (const [kind, at] of told) if (now - at >= HOUR) told.delete(kind)
  // sizes and offsets differ each time
  const kind = message.replace(/\d+/g, '#')
  if (told.size >= MOST || told.has(kind)) return
  told.set(kind, now)
  const remedy = damage.test(message) ? '; stop it and restart it with --repair' : ''
  console.error(`afn-otel up: ${what} (${message})${remedy}`)
}
