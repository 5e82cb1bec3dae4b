/** Numbers and strings in PromQL syntax. */

/** @returns undefined if the text is not a number */
export function numberOf(text: string): number | undefined {
  const word = text.toLowerCase()
  if (word === 'inf') return Number.POSITIVE_INFINITY
  if (word === 'nan') return Number.NaN
  const digits = word.replaceAll('_', '')
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8)
  if (!/^(?:0x[\da-f]+|0b[01]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/.test(digits)) return undefined
  return Number(digits)
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

const escaped = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]))/g

/** @param literal with its quotes and Go's escapes; @returns undefined if it is invalid */
export function textOf(literal: string): string | undefined {
  const quoteMark = literal[0]
  if (literal.length < 2 || literal.at(-1) !== quoteMark) return undefined
  const inner = literal.slice(1, -1)
  if (quoteMark === '`') return inner
  if (inner.includes('\n')) return undefined
  let isWrong = false
  // a byte escape stands for one byte of UTF-8
  const bytes: Buffer[] = []
  let end = 0
  for (const found of inner.matchAll(escaped)) {
    const [whole, byte, short, long, octal, letter] = found
    bytes.push(Buffer.from(inner.slice(end, found.index)))
    end = found.index + whole.length
    if (byte !== undefined) bytes.push(Buffer.from([Number.parseInt(byte, 16)]))
    else if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8) & 0xff]))
    else if (letter !== undefined) {
      const plain = escapes[letter]
      isWrong ||= plain === undefined || ((letter === '"' || letter === "'") && letter !== quoteMark)
      bytes.push(Buffer.from(plain ?? ''))
    } else {
      const point = Number.parseInt((short ?? long)!, 16)
      isWrong ||= point > 0x10ffff
      bytes.push(Buffer.from(isWrong ? '' : String.fromCodePoint(point)))
    }
  }
  bytes.push(Buffer.from(inner.slice(end)))
  return isWrong ? undefined : Buffer.concat(bytes).toString('utf8')
}
