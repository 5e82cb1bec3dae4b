/** The position among a query's tokens, shared by all parts of the parser. */
import { TraceqlError } from './error'
import { type Token, tokenAt } from './lex'

/** Tempo limits a query to as many bytes; here they are characters. */
const longest = 128 * 1024

/**
 * The maximum depth of parentheses, and the maximum number of operators, stages and list items: the compiler is recursive, so its input has
 * to fit the stack.
 */
const deepest = 100
const mostOperators = 1_000
const mostMembers = 200
const mostJoints = 20

export class Cursor {
  /** The next token. Later tokens are only read when this one is taken, so the first error ends the parsing. */
  token: Token
  private depth = 0
  private operators = 0
  private members = 0
  private joints = 0

  /** @throws TraceqlError if the text is too long or begins with an invalid token */
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

  /** Returns the next token and moves behind it. */
  take(): Token {
    const { token } = this
    if (token.type !== 'end') this.token = tokenAt(this.text, token.at + token.text.length)
    return token
  }

  /** Takes the next token if it is this one. */
  skip(text: string): boolean {
    const there = this.is(text)
    if (there) this.take()
    return there
  }

  /** @throws TraceqlError if the next token is another one */
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

  /** Takes the next token, a binary operator, and counts it. */
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

  /** Takes the separator if another list item or stage follows. */
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

  /** Counts structural operators and arithmetic between metrics, which are expensive. @param at the operator */
  joined(at: number): void {
    if (++this.joints > mostJoints)
      throw this.wrong(at, 'query', `combines more than ${mostJoints + 1} queries`, 'simplify the query')
  }

  /** Counts the depth of nesting while `parse` runs. */
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
