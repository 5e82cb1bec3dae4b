/**
 * Passwords in ways to name a connection that are no URLs: `jdbc:oracle:thin:scott/tiger@host`, lines of PostgreSQL's
 * `.pgpass` (`host:port:database:user:password`), and names of data sources of Go (`user:password@tcp(host)/database`).
 */
import { DIGITS, not, WORDS } from '../../../scan/anchors'
import { ending, endingAt } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { isPlaceholder } from '../plausible'

const ORACLE = /:["']?[\w$#]{1,30}["']?\/"?([^\s@"']{1,128})"?@/y
const PGPASS = /:(?:\d{4,5}|\*):[\w*-]{1,63}:[A-Za-z*][\w*.-]{0,63}:([^\s"'`]{4,128})(?=[ \t]?(?:\r?\n|$))/y
/** What stands behind the password of a data source, and before. */
const ADDRESS = /@(?:tcp[46]?|unix|cloudsql(?:-\w{1,16})?)\(/y
const USER = ending(/(?:^|[\s"'`=(])[\w.%+-]{1,64}:([^\s"'`\\]{2,128})/)
/** Oracle: `scott/tiger@host:1521/service` (EZConnect), and a name of the network behind a program that takes it so. */
const SERVICE = /@(?:\/\/)?[\w.-]{1,253}:\d{2,5}\/\w/y
const EASY = ending(/(?:^|[\s"'`=])[A-Za-z][\w$#]{0,29}\/([^\s"'`/\\]{2,128})/)
const PROGRAM = ending(
  /\b(?:sqlplus|sqlldr|expdp|impdp|rman)\b[^\n]{0,80}[\s"'=][A-Za-z][\w$#]{0,29}\/([^\s"'`/\\]{2,128})/,
)
const HOST = ending(/(?:^|\n)[\w.*-]{1,253}/)

export const connection: Detector = {
  finds: 'secret',
  anchors: [
    { at: ':', after: 'ni', before: `${WORDS}"'` },
    { at: ':', after: `${WORDS}*`, before: `${DIGITS}*` },
    { at: '@', after: not(' \t\n'), before: `${WORDS}/` },
  ],
  at(text, at, hits) {
    if (text[at] === '@') return sourceEnd(text, at, hits)
    const isOracle = text.startsWith('thin', at - 4) || text.startsWith('oci', at - 3)
    if (!isOracle && !endingAt(HOST, text, at)) return at
    const form = isOracle ? ORACLE : PGPASS
    form.lastIndex = at
    const found = form.exec(text)
    if (!found) return at
    const password = found[1]!
    const end = at + found[0].length - (isOracle ? (found[0].endsWith('"@') ? 2 : 1) : 0)
    if (isPlaceholder(password)) return at
    hits.add(end - password.length, end, 'REDACTED')
    return end
  },
}

/** `user:password@tcp(host:3306)/database`: the end of what was masked, `at` when there is none. */
function sourceEnd(text: string, at: number, hits: Hits): number {
  // three expressions are asked
  spend(8)
  ADDRESS.lastIndex = at
  SERVICE.lastIndex = at
  const form = ADDRESS.test(text) ? USER : SERVICE.test(text) ? EASY : PROGRAM
  const password = endingAt(form, text, at)?.[2]
  if (!password || isPlaceholder(password)) return at
  hits.add(at - password.length, at, 'REDACTED')
  return at
}
