// Removes quotations of the request from a provider's error message, because validators repeat the prompt that they reject.

const ELLIPSIS = '…'
/** Names of parameters and models. Text written by people has spaces or letters beyond ASCII. */
const IDENTIFIER = /^[\w.:/[\]-]{1,64}$/
/** Words before a quotation that announce a value of the request, even if it looks like a name. */
const VALUE = /(?:(?:input(?:_value)?|value|got|received)\s*[=:]\s*)$/i
/** A quotation ends with its closing mark or with the message. An apostrophe inside a word is not a mark. */
const QUOTED =
  /"(?:[^"\\]|\\.)*(?:"|$)|(?<!\w)'(?:[^'\\]|\\.|'(?=\w))*(?:'|$)|`[^`]*(?:`|$)|[“„][^”]*(?:”|$)|‘(?:[^’]|’(?=\w))*(?:’|$)|«[^»]*(?:»|$)|「[^」]*(?:」|$)/gsu
/** Unquoted values after `input_value=` or `Input:`, up to the next part of the message. */
const BARE_VALUE = /\b(input(?:_value)?\s*[=:]\s*)(?!["'`“„‘«「…])[^\n]*?(?=,\s*\w+\s*=|[\])}]|\n|$)/gi

/** Maximum characters of a message that are read. A span shows fewer. */
const LONGEST = 2048
/** This many consecutive characters of the request count as a quotation without marks. */
const RUN = 20
const BLOCK = RUN / 2
/** Maximum characters of the request that are searched: its end, which has the newest message. */
const MOST_OF_REQUEST = 2 ** 18

/**
 * @param request the body as it was sent; undefined if unknown
 * @returns the message, in which quotations other than names are replaced by `…`
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

/** Searches for a text as it is escaped in JSON. */
function searchIn(request: string | Uint8Array): (text: string) => boolean {
  const end =
    typeof request === 'string'
      ? request.slice(-MOST_OF_REQUEST)
      : Buffer.from(request.buffer, request.byteOffset, request.byteLength).subarray(-MOST_OF_REQUEST)
  return text => end.includes(JSON.stringify(text).slice(1, -1))
}

/** Each run contains a whole block, wherever it starts; only the runs around a block that is found are searched one by one. */
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
