/** E-mail addresses, also with the @ percent-encoded (`bob%40example.com`). */
import { BEYOND, DIGITS, LETTERS, WORDS } from '../../scan/anchors'
import { afterEscape, codeAt, HOST, is, isAccented, LETTER, LOCAL, WORD } from '../../scan/chars'
import type { Detector } from '../../scan/scanner'

/** `LOCAL`, and accented letters. */
const LOCALS = `${WORDS}-.+'${BEYOND}`
/** Percent-encoded, perhaps several times. */
const ENCODED = /%(?:25){0,4}40/y
const LONGEST_LOCAL = 64
const LONGEST_HOST = 253
const LONGEST_TLD = 63

/** File endings that follow an @ in asset and package names (`logo@2x.png`, `pkg@1.2.3.tgz`); none is a domain. */
const FILE_ENDING = /^(?:png|jpe?g|gif|svg|webp|avif|css|[cm]?[jt]sx?|json|html|tgz)$/i

export const email: Detector = {
  finds: 'personal',
  anchors: [
    { at: '@', after: LOCALS, before: `${LETTERS + DIGITS}-${BEYOND}` },
    { at: '%', after: LOCALS, before: '42' },
  ],
  at(text, at, hits) {
    let host = at + 1
    if (codeAt(text, at) === 37) {
      if (!text.startsWith('40', at + 1) && !text.startsWith('25', at + 1)) return at
      ENCODED.lastIndex = at
      if (!ENCODED.test(text)) return at
      host = ENCODED.lastIndex
    }
    const start = localStart(text, at)
    if (start === at) return at
    const end = hostEnd(text, host)
    if (end === host) return at
    // git@github.com:owner/repository is a way to clone, not a person
    if (text.slice(start, at) === 'git') return at
    hits.add(start, end, 'EMAIL')
    return end
  },
}

function localStart(text: string, at: number): number {
  const stop = Math.max(0, at - LONGEST_LOCAL)
  let start = at
  for (;;) {
    while (start > stop && (isLocal(codeAt(text, start - 1)) || isInner(text, start - 1))) start--
    // an encoded + is part of the address
    if (start <= stop || codeAt(text, start - 1) !== 37 || !/^2b/i.test(text.slice(start, start + 2))) break
    start--
  }
  start = Math.min(at, afterEscape(text, start))
  // a quote or full stop before the address belongs to the sentence
  while (start < at && !is(codeAt(text, start), WORD) && !isAccented(codeAt(text, start))) {
    if (codeAt(text, start) === 37) break
    start++
  }
  return start
}

/** `!`, `#`, `$`, `*`, `^` or `~` (RFC 5322) between letters: at the edge of an address they belong to the text around it. */
function isInner(text: string, at: number): boolean {
  return '!#$*^~'.includes(text[at]!) && is(codeAt(text, at - 1), WORD) && is(codeAt(text, at + 1), WORD)
}

function isLocal(code: number): boolean {
  return is(code, LOCAL) || isAccented(code)
}

/** The end of the host name that begins at `host`, or `host` when there is none. */
function hostEnd(text: string, host: number): number {
  const stop = Math.min(text.length, host + LONGEST_HOST)
  let end = host
  let dot = -1
  while (end < stop) {
    const code = codeAt(text, end)
    if (!is(code, HOST) && !isAccented(code)) break
    if (code === 46) {
      // a label is not empty: `example..com` and the end of a sentence
      if (dot === end - 1 || end === host) break
      dot = end
    }
    end++
  }
  // what follows the address without a space may be no part of it: try without the last label
  for (let tries = 0; tries < 8 && dot > host; tries++) {
    const tld = topLevelEnd(text, dot + 1, end)
    if (tld > 0 && !isVersion(text.slice(host, dot))) return tld
    end = dot
    dot = host + text.slice(host, end).lastIndexOf('.')
  }
  return host
}

/** The end of the top-level domain in [start, end), 0 when it is none. */
function topLevelEnd(text: string, start: number, end: number): number {
  if (text.startsWith('xn--', start)) return end
  let letters = start
  while (letters < end && (is(codeAt(text, letters), LETTER) || isAccented(codeAt(text, letters)))) letters++
  if (letters < end && codeAt(text, letters) !== 45) return 0
  if (letters - start < 2 || letters - start > LONGEST_TLD) return 0
  return FILE_ENDING.test(text.slice(start, letters)) ? 0 : letters
}

/** `pkg@18.2` and `pkg@1.2.3.beta` are versions; 163.com is a mail host. */
function isVersion(labels: string): boolean {
  return /^\d+\.[\d.]+$/.test(labels)
}
