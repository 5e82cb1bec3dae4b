// Whatever a client gives back as data that two runs can be compared by.

/** Differ from run to run without anybody's doing. */
const skipped = new Set(['stack', 'socket'])

export function plain(value, seen = new Set()) {
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value === 'function') return `function ${value.name}`
  if (value === undefined) return '(undefined)'
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) return '(seen)'
  const within = new Set(seen).add(value)
  const inner = item => plain(item, within)
  if (Array.isArray(value)) return value.map(inner)
  if (value instanceof Headers) return { $class: 'Headers', ...Object.fromEntries(value) }
  if (value instanceof Response) return response(value, inner)
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (value instanceof AbortSignal) return { $class: 'AbortSignal', aborted: value.aborted }
  if (value instanceof ReadableStream) return { $class: 'ReadableStream', locked: value.locked }
  const own = Object.entries(value).filter(([key]) => !skipped.has(key))
  return {
    $class: value.constructor?.name ?? null,
    // an error's own are hidden
    ...(value instanceof Error && { name: value.name, message: value.message, cause: inner(value.cause) }),
    ...Object.fromEntries(own.map(([key, item]) => [key, inner(item)])),
  }
}

function response(value, inner) {
  const { status, statusText, ok, redirected, type, url, bodyUsed, headers, body } = value
  return {
    status,
    statusText,
    ok,
    redirected,
    type,
    url,
    bodyUsed,
    headers: inner(headers),
    body: inner(body),
    keys: Object.keys(value),
  }
}
