/**
 * Private keys in PEM form (RFC 7468, and what OpenSSL, OpenSSH and GnuPG write), however their lines are quoted, logged
 * or encoded, and also cut off. It reads the text by itself: where a detector at an anchor takes the first line as the
 * value of a key (`PRIVATE_KEY=-----BEGIN …`), the lines below it would stay.
 */
import type { Detector } from '../../../scan/scanner'

const DASHES = '-----'
/** A blank, as forms and URLs write it too. */
const BLANK = '(?: |\\+|%20)'
const BEGIN = new RegExp(
  `${DASHES}BEGIN(?:${BLANK}\\w+){0,6}${BLANK}PRIVATE${BLANK}KEY(?:${BLANK}\\w+){0,3}${DASHES}`,
  'y',
)
/** The end of this key, or the beginning of the next. */
const MARK = new RegExp(`${DASHES}(BEGIN|END)(?:${BLANK}\\w+){0,8}-{0,5}`, 'g')
/** Less of a key than this identifies nothing: the `…` of documentation. */
const LINE = /[\w+/]{16}/
/**
 * A key without an end: its lines of 40 characters or more, with what stands between two of them (the quotes of a list,
 * the head of a log line, the header lines of an encrypted key), and a last line behind the same.
 */
const CUT = /(?:([\s\S]{0,160}?)[\w+/]{40,}={0,2})+(?:\1[\w+/=]+)?|[\s\S]{0,64}?[\w+/]{16,}={0,2}/y
/** A key of 16,384 bits has 12,700 characters; a log line in front of each of its lines may double them. */
const LONGEST_KEY = 32 * 1024

export const pem: Detector = {
  finds: 'secret',
  anchors: [],
  at: (_, at) => at,
  sweep(text, hits) {
    for (let at = text.indexOf(DASHES); at >= 0; at = text.indexOf(DASHES, at + 1)) {
      BEGIN.lastIndex = at
      if (!BEGIN.test(text)) continue
      const end = keyEnd(text, BEGIN.lastIndex)
      if (end > at) hits.add(at, end, 'SECRET')
      at = Math.max(BEGIN.lastIndex, end) - 1
    }
  },
}

/** The end of the key whose first line ends at `body`, 0 when what follows is none. */
function keyEnd(text: string, body: number): number {
  MARK.lastIndex = body
  const mark = MARK.exec(text)
  const lines = text.slice(body, Math.min(mark?.index ?? text.length, body + LONGEST_KEY))
  if (mark?.[1] === 'END' && body + lines.length === mark.index) return LINE.test(lines) ? MARK.lastIndex : 0
  CUT.lastIndex = 0
  return CUT.test(lines) ? body + CUT.lastIndex : 0
}
