/** Characters of what is wrong. */
const SHOWN = 200

/** What is wrong with a query, and where. Thrown by the parser, the checks and the compilers; the API answers 400 with it. */
export class TraceqlError extends Error {
  override readonly name = 'TraceqlError'
  /** From 1, in UTF-16 units. */
  readonly line: number
  readonly column: number

  /**
   * @param text the query
   * @param at the offset of what is wrong
   * @param construct what is wrong, as the user wrote it
   * @param reason why; a clause without a full stop
   * @param remedy what to do instead
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
