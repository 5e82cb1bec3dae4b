// Classifies errors of Cloudflare's API. The codes come from Cloudflare's docs and public issues; for an unknown code, the HTTP status
// decides.

export type Reason =
  /** The token is malformed, expired or revoked. */
  | 'token'
  /** The token lacks a permission. */
  | 'scope'
  /** The plan of the zone or of the account lacks the feature. */
  | 'plan'
  | 'not_found'
  | 'rate_limited'
  | 'server'
  | 'network'
  /** The request is invalid, or Cloudflare gives another reason. */
  | 'refused'

export interface CodedMessage {
  readonly code: number
  readonly message: string
}

/** The message contains neither the token nor the request body. */
export class ApiError extends Error {
  readonly reason: Reason
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number
  /** Cloudflare's own errors. */
  readonly errors: readonly CodedMessage[]
  readonly method: string
  /** Without the query string. */
  readonly path: string
  /** Whether Cloudflare may have executed the request despite the error. */
  readonly mayHaveArrived: boolean

  constructor(details: {
    readonly reason: Reason
    readonly status: number
    readonly errors: readonly CodedMessage[]
    readonly method: string
    readonly path: string
    readonly mayHaveArrived?: boolean
  }) {
    const { reason, status, errors, method, path, mayHaveArrived = false } = details
    const words = errors.map(({ code, message }) => (code > 0 ? `${message} (${code})` : message)).join('; ')
    super(`${method} ${path}: ${[status > 0 ? `Cloudflare answers ${status}` : '', words].filter(Boolean).join(': ')}`)
    this.reason = reason
    this.status = status
    this.errors = errors
    this.method = method
    this.path = path
    this.mayHaveArrived = mayHaveArrived
  }
}

/** Codes for unreadable headers, a malformed token and an expired token. */
const TOKEN = new Set([1000, 6003, 6111, 9106])
/** Codes of the gateway, and of "Unauthorized to access requested resource". */
const SCOPE = new Set([9109, 10000])
const NOT_FOUND = new Set([7000, 7003, 10007])
const RATE_LIMITED = new Set([971, 10429])
/** The GraphQL API has messages without codes. */
const NO_PERMISSION = /requires permission|not authorized/i
/** Matches messages, because code 1002 of "health checks disabled for zone" has other meanings in other services. */
const PLAN =
  /does not have access to the (?:path|field)|disabled for (?:this )?zone|not entitled|entitlement|upgrade (?:your|to)|not available (?:on|for) your plan/i

/** @param status an error status, or that of an answer with `success: false` */
export function reasonOf(status: number, errors: readonly CodedMessage[]): Reason {
  const has = (codes: ReadonlySet<number>) => errors.some(({ code }) => codes.has(code))
  if (status === 429 || has(RATE_LIMITED)) return 'rate_limited'
  if (errors.some(({ message }) => NO_PERMISSION.test(message))) return 'scope'
  if (errors.some(({ message }) => PLAN.test(message))) return 'plan'
  if (status >= 500 || status === 408) return 'server'
  if (has(TOKEN) || (status === 401 && !has(SCOPE))) return 'token'
  if (status === 403 || has(SCOPE)) return 'scope'
  if (status === 404 || has(NOT_FOUND)) return 'not_found'
  return 'refused'
}
