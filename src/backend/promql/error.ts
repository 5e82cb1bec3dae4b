/** The error types of Prometheus' API. */
export type ErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled'

/** The reason why a query fails; the API returns it to the client. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError'

  constructor(
    readonly type: ErrorType,
    message: string,
  ) {
    super(message)
  }
}

/** @param at offset in the query */
export function parseError(query: string, at: number, message: string): PromqlError {
  return new PromqlError('bad_data', `${positionOf(query, at)}: parse error: ${message}`)
}

/** Line and column, counted from 1. */
export function positionOf(query: string, at: number): string {
  const before = query.slice(0, at).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

export const failed = (message: string): PromqlError => new PromqlError('execution', message)
