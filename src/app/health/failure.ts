// Why a check failed, in one word. An error's own message may hold an address, a user or a password, so it is never passed on.

/** Thrown by checks that know the word. */
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

/** Never throws, whatever was thrown. */
export function wordOf(error: unknown): string {
  try {
    if (error instanceof CheckFailure) return error.output
    for (const name of namesOf(error)) {
      const found = words.find(([pattern]) => pattern.test(name))
      if (found) return found[1]
    }
  } catch {
    // somebody's error object can fail when it is read
  }
  return 'error'
}

/** Codes and names of the error, of what caused it, and of the first of several. */
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

/** What an HTTP status says of the service behind it; `undefined` where it answered as it should. */
export function wordOfStatus(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 401 || status === 403) return 'auth'
  if (status === 429) return 'limited'
  return status >= 500 ? 'unavailable' : 'protocol'
}
