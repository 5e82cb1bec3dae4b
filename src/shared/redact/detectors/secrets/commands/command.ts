/**
 * Secrets behind the short flags of known programs, which mean something else for others: `curl -u user:password`, `mysql
 * -ppassword`, `sshpass -p password`, `docker login -p password`. Each as the manual of its program has it.
 */

import { startsWithMask } from '../../../mask'
import { BACKSLASH, BLANK, codeAt, runEnd } from '../../../scan/chars'
import type { Detector, Hits } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { isQuote } from '../key-values/quote'
import { isPlaceholder } from '../plausible'
import { bareEnd, quotedEnd } from '../value'

/** `:`, `%` or `,` joins a user and a password; attached is behind the letter, apart behind a space. */
type Form = ':' | '%' | ',' | 'attached' | 'apart'

const FLAG = /-(?:-(?:(?:proxy-)?user|body)(?=[ =])|[uUpPakKwAXb])/y
/** By flag: which programs take a secret there, and how. */
const PROGRAMS: Record<string, readonly (readonly [Form, RegExp])[]> = {
  u: [
    [':', program('curl|https?|xh|artifactory|jfrog|mutt')],
    [',', program('lftp')],
  ],
  U: [
    [':', program('curl')],
    ['%', program('smbclient|rpcclient|smbget|winexe|wmic')],
  ],
  p: [
    ['attached', program('(?:mysql|mariadb)[a-z-]{0,16}|mycli|7za?|7zr|rar|unrar')],
    ['apart', program('sshpass|mongo[a-z]{0,8}|cqlsh|rabbitmqadmin|ipmitool|(?:[a-z]+ ){1,3}login')],
  ],
  P: [['apart', program('zip|unzip|sqlcmd|bcp|isql|tsql|ipmitool')]],
  a: [['apart', program('redis-cli|valkey-cli')]],
  b: [['apart', program('gh (?:secret|variable) set')]],
  k: [['apart', program('openssl')]],
  K: [['apart', program('openssl')]],
  w: [['apart', program('ldap[a-z]{3,8}')]],
  A: [['apart', program('snmp[a-z]{3,12}')]],
  X: [['apart', program('snmp[a-z]{3,12}')]],
}

/** How far before the flag its program stands at most. */
const LONGEST_COMMAND = 400
const LONGEST_VALUE = 256
/** What parts commands of one line: not the `; q=1` of a header. */
const NEXT_COMMAND = /(?:;|\||&&)\s{1,4}(?=[A-Za-z][\w./-]{0,30}\s)/

function program(names: string): RegExp {
  return new RegExp(`(?:^|[\\s"'\`($/|])(?:${names})(?:\\.exe)?\\s`)
}

export const command: Detector = {
  finds: 'secret',
  anchors: [{ at: '-', after: ` \t\n"'\``, before: '-uUpPakKwAXb' }],
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    if (before > 32 && !isQuote(before)) return at
    FLAG.lastIndex = at
    if (!FLAG.test(text)) return at
    const end = FLAG.lastIndex
    const letter = end - at > 2 ? (text[end - 1] === 'y' ? 'b' : 'u') : text[at + 1]!
    const line = commandBefore(text, at)
    const form = PROGRAMS[letter]!.find(([, names]) => names.test(line))?.[0]
    return (form && secretAt(text, end, form, hits)) || at
  },
}

/** What stands before the flag in the same command, which may go on over escaped line breaks. */
function commandBefore(text: string, at: number): string {
  spend(15)
  const from = Math.max(0, at - LONGEST_COMMAND)
  const piece = text.slice(from, at)
  let start = 0
  for (let end = piece.lastIndexOf('\n'); end >= 0; end = piece.lastIndexOf('\n', end - 1)) {
    if (/\\\r?$/.test(piece.slice(Math.max(0, end - 2), end))) continue
    start = end + 1
    break
  }
  const parts = piece.slice(start).split(NEXT_COMMAND)
  return parts[parts.length - 1]!
}

/** Masks the secret of a flag that ends at `end`; returns the secret's end, 0 when there is none. */
function secretAt(text: string, end: number, form: Form, hits: Hits): number {
  const gap = text[end] === '=' ? end + 1 : runEnd(text, end, BLANK, 8)
  if ((form === 'attached' && gap > end) || (form === 'apart' && gap === end)) return 0
  let [start, stop] = argumentAt(text, gap)
  if (form !== 'attached' && form !== 'apart') {
    const found = text.slice(start, stop).indexOf(form)
    if (found < 0 || text.startsWith('//', start + found + 1)) return 0
    // as in a URL the user goes too, but not over the quote of a password that has its own
    if (start + found + 1 === stop && isQuote(codeAt(text, stop))) [start, stop] = argumentAt(text, stop)
  }
  const value = text.slice(start, stop)
  if (
    value.length < 2 ||
    value.length > LONGEST_VALUE ||
    /^[-$<]/.test(value) ||
    isPlaceholder(value) ||
    startsWithMask(text.slice(start, stop + 1))
  )
    return 0
  hits.add(start, stop, 'REDACTED')
  return stop
}

/** [start, end) of one argument, without its quotes. */
function argumentAt(text: string, at: number): [number, number] {
  let quote = at
  while (codeAt(text, quote) === BACKSLASH) quote++
  if (!isQuote(codeAt(text, quote))) {
    const end = bareEnd(text, at, false, LONGEST_VALUE)
    return [at, text[end] === ':' ? end + 1 : end]
  }
  return [quote + 1, quotedEnd(text, quote + 1, text[quote]!, quote - at)]
}
