/** Keys that have no prefix and yet one shape: something in their middle tells them. */
import { DIGITS, HEXES, LETTERS, UPPER, WORDS } from '../../../scan/anchors'
import { codeAt, HEX, is, startsToken, WORD } from '../../../scan/chars'
import { ending, endingAt } from '../../../scan/pieces'
import type { Detector } from '../../../scan/scanner'

interface KnownFormat {
  /** what may stand right before and right behind the anchor */
  readonly after: string
  readonly before: string
  /**
   * a piece of it, and where it stands from the anchor, by default right behind it; looked at first, since it nearly always says no. Without one it is a
   * hexadecimal digit six characters before.
   */
  readonly sign?: string
  readonly offset?: number
  /** the anchor and what follows, sticky */
  readonly from: RegExp
  /** what stands before the anchor, from the start of the key */
  readonly head: RegExp
}

const ALNUM = LETTERS + DIGITS
const TOKENS = `${WORDS}-`
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/

/** By anchor, each as keys in the vendor's documents and clients look; no vendor promises the shape (Asana says so). */
const FORMATS: Record<string, KnownFormat[]> = {
  '.': [
    // Discord: bot id, time and HMAC, each base64url
    {
      after: ALNUM,
      before: TOKENS,
      sign: '.',
      offset: 7,
      from: /\.[\w-]{6}\.[\w-]{27,45}/y,
      head: /[MNO][A-Za-z\d]{22,27}/,
    },
    // HCP Terraform
    {
      after: ALNUM,
      before: 'a',
      sign: 'atlasv1.',
      from: /\.atlasv1\.[\w-]{60,75}/y,
      head: /[A-Za-z\d]{14}/,
    },
    // Zhipu: id and secret
    { after: HEXES, before: ALNUM, from: /\.[A-Za-z\d]{16}/y, head: /[\da-f]{32}/ },
    // Airtable
    {
      after: ALNUM,
      before: HEXES,
      sign: 'pat',
      offset: -17,
      from: /\.[\da-f]{64}/y,
      head: /pat[A-Za-z\d]{14}/,
    },
  ],
  ':': [
    // Telegram: bot id and token, in the path of a URL behind `bot`
    { after: DIGITS, before: 'A', sign: 'AA', from: /:AA[\w-]{32,34}/y, head: /(?:bot)?\d{8,10}/ },
    // fal: id and secret
    { after: HEXES, before: HEXES, from: /:[\da-f]{32}/y, head: UUID },
    // Asana: version, ids of the user and of the token
    {
      after: DIGITS,
      before: HEXES,
      from: /:[\da-f]{32}/y,
      head: /\d(?:\/\d{12,19}){1,2}/,
    },
  ],
  '-': [
    // Mailchimp: the data centre follows
    { after: HEXES, before: 'u', sign: 'us', from: /-us\d{1,2}/y, head: /[\da-f]{32}/ },
    // 1Password: secret key of an account
    {
      after: '3',
      before: UPPER + DIGITS,
      sign: 'A3',
      offset: -2,
      from: /-[A-Z\d]{6}-[A-Z\d]{6}-?[A-Z\d]{5}(?:-[A-Z\d]{5}){3}/y,
      head: /A3/,
    },
    // Mailgun
    { after: HEXES, before: HEXES, sign: '-', offset: 9, from: /-[\da-f]{8}-[\da-f]{8}/y, head: /[\da-f]{32}/ },
  ],
  // Microsoft Entra: client secrets
  '~': [
    {
      after: 'Q',
      before: `${TOKENS}.~`,
      sign: 'Q',
      offset: -1,
      from: /~[\w.~-]{31,34}/y,
      head: /[\w.~-]{3}\dQ/,
    },
  ],
  // Azure: keys of storage, batch, container registry, machine learning, event hubs, service bus
  '+': [
    {
      after: `${ALNUM}+/`,
      before: 'A',
      sign: 'A',
      from: /\+A(?:St|Ba|CR|MC|Eh|Sb)[A-Za-z\d+/]{5,6}={1,2}/y,
      head: /[A-Za-z\d+/]{32,76}/,
    },
  ],
  // Azure: keys of OpenAI, Cognitive Services and DevOps
  J: [
    {
      after: ALNUM,
      before: 'Q',
      sign: 'QQJ99',
      from: /JQQJ99[A-Za-z\d]{20,30}/y,
      head: /[A-Za-z\d]{50,56}/,
    },
  ],
  // Braintree
  $: [
    {
      after: ALNUM,
      before: HEXES,
      sign: '$',
      offset: -17,
      from: /\$[\da-f]{32}/y,
      head: /access_token\$(?:production|sandbox)\$[\da-z]{16}/,
    },
  ],
  // Meta: id and secret of an app
  '|': [{ after: DIGITS, before: TOKENS, from: /\|[\w-]{27}/y, head: /\d{15,16}/ }],
  // New Relic: licence keys
  N: [
    {
      after: HEXES,
      before: 'R',
      sign: 'RAL',
      from: /NRAL/y,
      head: /(?:[\da-f]{36}|eu01xx[\da-f]{30})/,
    },
  ],
}
/** With the same properties in each, which V8 reads faster. */
const byAnchor: Required<KnownFormat>[][] = []
for (const [anchor, shapes] of Object.entries(FORMATS))
  byAnchor[anchor.charCodeAt(0)] = shapes.map(shape => ({
    sign: '',
    offset: shape.sign ? 1 : -6,
    ...shape,
    head: ending(shape.head),
  }))

export const knownFormats: Detector = {
  finds: 'secret',
  anchors: Object.entries(FORMATS).flatMap(([at, shapes]) =>
    shapes.map(({ after, before }) => ({ at, after, before })),
  ),
  at(text, at, hits) {
    const shapes = byAnchor[codeAt(text, at)]!
    for (let i = 0; i < shapes.length; i++) {
      const { sign, offset, from, head } = shapes[i]!
      const code = codeAt(text, at + offset)
      if (sign ? code !== sign.charCodeAt(0) || !text.startsWith(sign, at + offset) : !is(code, HEX)) continue
      from.lastIndex = at
      if (!from.test(text)) continue
      const start = at - (endingAt(head, text, at)?.[1] ?? '').length
      const end = from.lastIndex
      if (start === at || !startsToken(text, start) || is(codeAt(text, end), WORD)) continue
      hits.add(start, end, 'SECRET')
      return end
    }
    return at
  },
}
