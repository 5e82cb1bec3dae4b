// Reduces the reason of a failed check to one word. The message of an error is never passed on, because it may contain an address, a user
// name or a password.

/** Thrown by checks that already know the word. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure'
  constructor(readonly output: string) {
    super(output)
  }
}

const words: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ENOTFOUND|EAI_|EDNS|ENODATA|ESERVFAIL)/, 'dns'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|ABORT_ERR|UND_ERR_.*TIMEOUT|TimeoutError|AbortError)/, 'timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/, 'closed'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/, 'tls'],
  [/^(EMFILE|ENFILE)$/, 'files'],
  [/^(ENOENT|ENOTDIR)$/, 'missing'],
  [/^(EACCES|EPERM)$/, 'permission'],
  [/^EROFS$/, 'read-only'],
]

/** Never throws, whatever the error is. */
export function wordOf(error: unknown): string {
  try {
    if (error instanceof CheckFailure) return error.output
    for (const name of namesOf(error)) {
      const found = words.find(([pattern]) => pattern.test(name))
      if (found) return found[1]
    }
  } catch {
    // a foreign error object may throw when it is read
  }
  return 'error'
}

/** Codes and names of the error, of its causes, and of the first of several errors. */
function namesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 3) return []
  const { code, name, cause, errors } = error as Record<string, unknown>
  const first = Array.isArray(errors) ? errors[0] : undefined
  return [
    ...[code, name].filter(one => typeof one === 'string'),
    ...namesOf(cause, depth + 1),
    ...namesOf(first, depth + 1),
  ]
}

/** The word for an HTTP status; `undefined` for success. */
export function wordOfStatus(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 401 || status === 403) return 'auth'
  if (status === 429) return 'limited'
  return status >= 500 ? 'unavailable' : 'protocol'
}
