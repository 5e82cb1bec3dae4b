/**
 * Hashes of passwords as `crypt(3)`, `htpasswd` and bcrypt write them, which a dictionary turns back: `$2b$10$…`,
 * `$6$salt$…`, `$argon2id$v=19$…`.
 */
import { not, WORDS } from '../../../scan/anchors'
import { codeAt, is, WORD } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'

const HASH =
  /\$(?:2[abxy]?\$\d\d\$[./A-Za-z\d]{53}|(?:1|5|6|7|y|apr1|sha1)\$(?:[\w=,]{1,40}\$)?[./A-Za-z\d]{1,40}\$[./A-Za-z\d]{22,86}|argon2(?:id|i|d)\$[\w$=,+/.-]{40,200})/y

export const crypt: Detector = {
  finds: 'secret',
  anchors: [{ at: '$', after: not(WORDS), before: '12567aysp' }],
  at(text, at, hits) {
    HASH.lastIndex = at
    if (!HASH.test(text) || is(codeAt(text, HASH.lastIndex), WORD)) return at
    hits.add(at, HASH.lastIndex, 'SECRET')
    return HASH.lastIndex
  },
}
