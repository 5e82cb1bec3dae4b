// What a refusal of Cloudflare's API means. The codes are those that Cloudflare's docs and public issues show; of a code that is not
// listed, the status decides.

export type Reason =
  /** The token is not one, has expired, or was revoked. */
  | 'token'
  /** The token lacks a permission. */
  | 'scope'
  /** The plan of the zone or of the account lacks the feature. */
  | 'plan'
  | 'not_found'
  | 'rate_limited'
  | 'server'
  | 'network'
  /** The request itself is wrong, or Cloudflare gives another reason. */
  | 'refused'

export interface CodedMessage {
  readonly code: number
  readonly message: string
}

/** Its message holds neither the token nor what was sent. */
export class ApiError extends Error {
  readonly reason: Reason
  /** HTTP's; 0 where there was no answer. */
  readonly status: number
  /** Cloudflare's own. */
  readonly errors: readonly CodedMessage[]
  readonly method: string
  /** Without a query. */
  readonly path: string
  /** Cloudflare may have carried it out all the same. */
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

/** Headers that cannot be read, a token that is none, and a token that has expired. */
const TOKEN = new Set([1000, 6003, 6111, 9106])
/** The gateway's, and "Unauthorized to access requested resource". */
const SCOPE = new Set([9109, 10000])
const NOT_FOUND = new Set([7000, 7003, 10007])
const RATE_LIMITED = new Set([971, 10429])
/** The GraphQL API has words and no codes. */
const NO_PERMISSION = /requires permission|not authorized/i
/** "health checks disabled for zone" has 1002, which other services use for other things. */
const PLAN =
  /does not have access to the (?:path|field)|disabled for (?:this )?zone|not entitled|entitlement|upgrade (?:your|to)|not available (?:on|for) your plan/i

/** @param status no success, or that of an answer with `success: false` */
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
