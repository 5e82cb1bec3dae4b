/** A place among the tokens of a query. Passed between the parts of the parser. */
import { TraceqlError } from './error'
import { type Token, tokenAt } from './lex'

/** Tempo's own limit of a query, in bytes; here of characters. */
const longest = 128 * 1024

/** How deep parentheses nest, and how many operators, stages and members of lists there may be: what is compiled has to fit the stack. */
const deepest = 100
const mostOperators = 1_000
const mostMembers = 200
const mostJoints = 20

export class Cursor {
  /** The next. What comes behind it is read when it is taken, so that what is wrong ends the reading. */
  token: Token
  private depth = 0
  private operators = 0
  private members = 0
  private joints = 0

  /** @throws TraceqlError when the text is too long or begins with something that is no token */
  constructor(readonly text: string) {
    if (text.length > longest)
      throw new TraceqlError(text, 0, 'query', `has ${text.length} characters`, `the limit is ${longest}`)
    this.token = tokenAt(text, 0)
  }

  /** Whether the next token is this operator or word. */
  is(text: string): boolean {
    const { type } = this.token
    return (type === 'operator' || type === 'word') && this.token.text === text
  }

  /** The next token, behind which the cursor then stands. */
  take(): Token {
    const { token } = this
    if (token.type !== 'end') this.token = tokenAt(this.text, token.at + token.text.length)
    return token
  }

  /** Goes on when the next token is this one. */
  skip(text: string): boolean {
    const there = this.is(text)
    if (there) this.take()
    return there
  }

  /** @throws TraceqlError when another token is next */
  expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected(`expected ${text}`)
    return this.take()
  }

  unexpected(remedy?: string): TraceqlError {
    const { token } = this
    if (token.type === 'end')
      return new TraceqlError(this.text, token.at, 'end of the query', 'is unexpected here', remedy)
    return this.wrong(token.at, token.text, 'is unexpected here', remedy)
  }

  wrong(at: number, construct: string, reason: string, remedy?: string): TraceqlError {
    return new TraceqlError(this.text, at, construct, reason, remedy)
  }

  /** The next token, which is an operator between two sides. */
  takeOperator(): Token {
    if (++this.operators > mostOperators)
      throw this.wrong(
        this.token.at,
        'query',
        `has more than ${mostOperators} operators`,
        'use a regular expression, such as =~ "a|b"',
      )
    return this.take()
  }

  /** Goes on when another member of a list or a pipeline follows. */
  another(separator: ',' | '|'): boolean {
    if (this.is(separator) && ++this.members > mostMembers)
      throw this.wrong(
        this.token.at,
        'query',
        `has more than ${mostMembers} stages and list items`,
        'simplify the query',
      )
    return this.skip(separator)
  }

  /** Counts what looks for other spans of a trace, and numbers that are computed with. @param at the operator */
  joined(at: number): void {
    if (++this.joints > mostJoints)
      throw this.wrong(at, 'query', `combines more than ${mostJoints + 1} queries`, 'simplify the query')
  }

  /** Counts what is nested while `parse` runs. */
  nested<T>(parse: () => T): T {
    if (++this.depth > deepest)
      throw this.wrong(
        this.token.at,
        this.token.text,
        `is nested more than ${deepest} levels deep`,
        'remove parentheses',
      )
    const parsed = parse()
    this.depth--
    return parsed
  }
}
