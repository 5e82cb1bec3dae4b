/** The private part of a key file of PuTTY, base64 in lines. */
import { codeAt } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'

const LINES = /-Lines: \d{1,3}(?:\r?\n|\\r\\n|\\n)(?=[A-Za-z\d+/]{16})/y
const BODY = /(?:[A-Za-z\d+/=]{1,64}(?:\r?\n|\\r\\n|\\n)?){1,100}/y

export const putty: Detector = {
  finds: 'secret',
  anchors: [{ at: '-', after: 'e', before: 'L' }],
  at(text, at, hits) {
    LINES.lastIndex = at
    if (!text.startsWith('Private', at - 7) || !LINES.test(text)) return at
    const start = LINES.lastIndex
    BODY.lastIndex = start
    if (!BODY.test(text)) return at
    // the word that follows is read as a line of the key
    let end = text.lastIndexOf('Private-MAC', BODY.lastIndex + 11)
    if (end < start) end = BODY.lastIndex
    while (end > start && codeAt(text, end - 1) <= 32) end--
    hits.add(start, end, 'SECRET')
    return end
  },
}
