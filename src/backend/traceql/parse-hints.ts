/** `with (name = value)`, after a query. */
import type { Hint } from './ast'
import type { Cursor } from './cursor'
import { parseLiteral } from './parse-field'

export function parseHints(cursor: Cursor): Hint[] {
  const hints: Hint[] = []
  while (cursor.skip('with')) {
    cursor.expect('(')
    do {
      const { at, text, type } = cursor.token
      if (type !== 'word') throw cursor.unexpected('expected the name of a hint')
      cursor.take()
      cursor.expect('=')
      const value = parseLiteral(cursor)
      if (!value) throw cursor.unexpected('expected a constant')
      hints.push({ name: text, value, at })
    } while (cursor.another(','))
    cursor.expect(')')
  }
  return hints
}
