// A provider's error message without what it quotes of the request: validators repeat the prompt that they refuse.

const ELLIPSIS = '…'
/** Names of parameters and models. A message of a person has spaces, or letters beyond ASCII. */
const IDENTIFIER = /^[\w.:/[\]-]{1,64}$/
/** What the words before a quotation announce is a value of the request, even if it looks like a name. */
const VALUE = /(?:(?:input(?:_value)?|value|got|received)\s*[=:]\s*)$/i
/** A quotation ends with its mark, or with the message. An apostrophe inside of a word is none. */
const QUOTED =
  /"(?:[^"\\]|\\.)*(?:"|$)|(?<!\w)'(?:[^'\\]|\\.|'(?=\w))*(?:'|$)|`[^`]*(?:`|$)|[“„][^”]*(?:”|$)|‘(?:[^’]|’(?=\w))*(?:’|$)|«[^»]*(?:»|$)|「[^」]*(?:」|$)/gsu
/** `input_value=`, `Input:` without quotation marks: up to the next part of the message. */
const BARE_VALUE = /\b(input(?:_value)?\s*[=:]\s*)(?!["'`“„‘«「…])[^\n]*?(?=,\s*\w+\s*=|[\])}]|\n|$)/gi

/** Characters of a message that are read. A span shows fewer. */
const LONGEST = 2048
/** So many characters of the request in a row are a quotation without marks. */
const RUN = 20
const BLOCK = RUN / 2
/** Characters of the request that are looked at: its end, where the newest message stands. */
const MOST_OF_REQUEST = 2 ** 18

/**
 * @param request the body as it was sent; undefined where it is not known
 * @returns the message; what it quotes is `…`, but for names
 */
export function withoutQuotations(message: string, request: string | Uint8Array | undefined): string {
  const unquoted = message
    .slice(0, LONGEST)
    .replace(QUOTED, (quotation, at: number) => {
      const isName = IDENTIFIER.test(quotation.slice(1, -1)) && !VALUE.test(message.slice(Math.max(0, at - 40), at))
      return isName ? quotation : `${quotation[0]}${ELLIPSIS}${quotation.length > 1 ? quotation.at(-1) : ''}`
    })
    .replace(BARE_VALUE, `$1${ELLIPSIS}`)
  return request === undefined ? unquoted : withoutRuns(unquoted, searchIn(request))
}

/** Looks for a text as JSON writes it. */
function searchIn(request: string | Uint8Array): (text: string) => boolean {
  const end =
    typeof request === 'string'
      ? request.slice(-MOST_OF_REQUEST)
      : Buffer.from(request.buffer, request.byteOffset, request.byteLength).subarray(-MOST_OF_REQUEST)
  return text => end.includes(JSON.stringify(text).slice(1, -1))
}

/** Each run holds a whole block, wherever it begins: the runs around a block that is found are looked for one by one. */
function withoutRuns(message: string, has: (text: string) => boolean): string {
  const cut = new Set<number>()
  for (let block = 0; block + BLOCK <= message.length; block += BLOCK) {
    if (!has(message.slice(block, block + BLOCK))) continue
    for (let at = Math.max(0, block - BLOCK); at <= block; at++) {
      const run = message.slice(at, at + RUN)
      if (run.length === RUN && !IDENTIFIER.test(run) && has(run)) for (let i = at; i < at + RUN; i++) cut.add(i)
    }
  }
  if (cut.size === 0) return message
  const shown = (character: string, at: number) => (!cut.has(at) ? character : cut.has(at - 1) ? '' : ELLIPSIS)
  return message.split('').map(shown).join('')
}
