/**
 * The rare forms of e-mail addresses of RFC 5321, 5322 and 6531: a local part in quotes, an address literal, parts in a
 * script without capitals. `email` has all others, `obfuscated-email` those that people write against harvesters.
 */
import { BEYOND, WORDS } from '../../scan/anchors'
import { codeAt } from '../../scan/chars'
import { ending, endingAt } from '../../scan/pieces'
import type { Detector } from '../../scan/scanner'
import { spend } from '../../scan/work'

const LITERAL = /@\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[\da-f:.]{2,45})\]/iy
/** The full stop of Chinese and Japanese also ends sentences: behind it only what is a top-level domain. */
const WIDE_HOST =
  /@(?:(?:[\p{L}\p{M}\p{N}-]{1,63}[.。]){1,4}(?:テスト|みんな|コム|中国|中國|公司|网络|香港|台湾|台灣|한국)|(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,4}(?:[a-z]{2,24}|[\p{L}\p{M}]{2,24})|[\p{L}\p{M}\p{N}-]{1,63}。[a-z]{2,24})/uy
const HOST = /@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])/iy
const LOCAL = ending(/(?:[\w.+'-]|\([\w ]{1,24}\)){1,64}/)
/** Not over the particles of a Japanese sentence. */
const WIDE_LOCAL = ending(/(?:(?![はをがへ])[\p{L}\p{M}\p{N}_.+-]){1,64}/u)
const QUOTED = ending(/"\w[\w .+'-]{0,62}"/)

export const unusualEmail: Detector = {
  finds: 'personal',
  anchors: [
    { at: '@', after: `${WORDS}-.+'`, before: `[${BEYOND}` },
    { at: '@', after: `")${BEYOND}` },
  ],
  at(text, at, hits) {
    const last = codeAt(text, at - 1)
    const isWide = last > 127
    const local = endingAt(last === 34 ? QUOTED : isWide ? WIDE_LOCAL : LOCAL, text, at)?.[1]
    if (!local) return at
    // classes of Unicode are looked up for each character
    spend(8 + (local.length >> 1))
    const hosts = last === 34 || last === 41 ? [HOST] : isWide ? [HOST, WIDE_HOST] : [LITERAL, WIDE_HOST]
    for (const host of hosts) {
      host.lastIndex = at
      if (!host.test(text)) continue
      hits.add(at - local.length, host.lastIndex, 'EMAIL')
      return host.lastIndex
    }
    return at
  },
}
