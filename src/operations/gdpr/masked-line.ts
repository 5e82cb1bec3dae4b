/** Masks the subject in a log line without changing its length, because an app may be appending to the file. */

import { type Matcher, stars } from './person-attributes'
import { names } from './records'

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** @param isJson whether the line is a JSON object, which it must remain */
export function maskedLine(matcher: Matcher, line: string, isJson: boolean): string {
  if (!isJson) return matcher.masked(line)
  let masked = ''
  let at = 0
  for (const { start, text, key } of tokensOf(line)) {
    const left = maskedToken(matcher, text, key)
    masked += line.slice(at, start) + left + ' '.repeat(Buffer.byteLength(text) - Buffer.byteLength(left))
    at = start + text.length
  }
  return masked + line.slice(at)
}

function maskedToken(matcher: Matcher, token: string, key: string): string {
  if (!token.startsWith('"')) return names(matcher, [key, Number(token)]) || matcher.exact(key, token) ? '0' : token
  const value = JSON.parse(token) as string
  const left = matcher.exact(key, value) ? stars(value) : matcher.masked(value)
  return left === value ? token : JSON.stringify(left)
}

interface Token {
  readonly start: number
  /** A string with its quotes, or a number. */
  readonly text: string
  /** The attribute whose value it is; '' for the name of one. */
  readonly key: string
}

function* tokensOf(line: string): Generator<Token> {
  const open: { readonly isObject: boolean; readonly key: string }[] = []
  let key = ''
  let isName = false
  for (const { 0: text, index: start } of line.matchAll(TOKEN)) {
    const within = open.at(-1)
    if (text === '{' || text === '[') {
      open.push({ isObject: text === '{', key })
      isName = text === '{'
    } else if (text === '}' || text === ']') open.pop()
    else if (text === ',') {
      isName = within?.isObject ?? false
      key = within?.key ?? ''
    } else if (text === ':') isName = false
    else if (!isName) yield { start, text, key }
    else {
      yield { start, text, key: '' }
      const name = JSON.parse(text) as string
      key = within?.key ? `${within.key}.${name}` : name
    }
  }
}
