/**
 * Passwords in ways to name a connection that are no URLs: `jdbc:oracle:thin:scott/tiger@host` and lines of PostgreSQL's
 * `.pgpass` (`host:port:database:user:password`). Called by the scanner at the colon.
 */
import { DIGITS, WORDS } from '../anchors'
import type { Detector } from '../scan'
import { isPlaceholder } from './plausible'

const ORACLE = /:["']?[\w$#]{1,30}["']?\/"?([^\s@"']{1,128})"?@/y
const PGPASS = /:(?:\d{4,5}|\*):[\w*-]{1,63}:[A-Za-z*][\w*.-]{0,63}:([^\s"'`]{4,128})(?=[ \t]?(?:\r?\n|$))/y
const HOST = /(?:^|\n)[\w.*-]{1,253}$/

export const connection: Detector = {
  names: ['password of a connection'],
  finds: 'secret',
  anchors: [
    { at: ':', after: 'ni', before: `${WORDS}"'` },
    { at: ':', after: `${WORDS}*`, before: `${DIGITS}*` },
  ],
  at(text, at, hits) {
    const isOracle = text.startsWith('thin', at - 4) || text.startsWith('oci', at - 3)
    const form = isOracle ? ORACLE : PGPASS
    form.lastIndex = at
    const found = form.exec(text)
    if (!found || (!isOracle && !HOST.test(text.slice(Math.max(0, at - 254), at)))) return at
    const password = found[1]!
    const end = at + found[0].length - (isOracle ? (found[0].endsWith('"@') ? 2 : 1) : 0)
    if (isPlaceholder(password)) return at
    hits.add(end - password.length, end, 'REDACTED')
    return end
  },
}
