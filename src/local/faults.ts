// What the store or a question failed at, for who runs the server: each fault once, on stderr.

const reported = new Set<string>()
/** A disk that is full says so in many ways. */
const MOST = 20

/** @param what happened to the client */
export function tellFault(what: string, { message }: Error): void {
  // sizes and positions differ each time
  const kind = message.replace(/\d+/g, '#')
  if (reported.size >= MOST || reported.has(kind)) return
  reported.add(kind)
  console.error(`afn-otel up: ${what} (${message})`)
}
