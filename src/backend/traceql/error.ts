/** The maximum number of characters of the construct that a message quotes. */
const SHOWN = 200

/** An error in a query, with its position. The parser, the checks and the compiler throw it; the API answers with status 400. */
export class TraceqlError extends Error {
  override readonly name = 'TraceqlError'
  /** Counts from 1, in UTF-16 code units. */
  readonly line: number
  readonly column: number

  /**
   * @param text the query
   * @param at the offset of the error
   * @param construct the part of the query that is wrong, as the user wrote it
   * @param reason why it is wrong; a clause without a full stop
   * @param remedy what to write instead
   */
  constructor(
    text: string,
    at: number,
    readonly construct: string,
    readonly reason: string,
    readonly remedy?: string,
  ) {
    const before = text.slice(0, at).split('\n')
    const line = before.length
    const column = (before.at(-1)?.length ?? 0) + 1
    super(`${line}:${column}: ${construct.slice(0, SHOWN)}: ${reason}${remedy ? `; ${remedy}` : ''}`)
    this.line = line
    this.column = column
  }
}
