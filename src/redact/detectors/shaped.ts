/**
 * Keys that have no prefix and yet one shape: something in their middle tells them. Called by the scanner at the
 * character that is rare.
 */
import { codeAt, is, startsToken, WORD } from '../chars'
import type { Detector } from '../scan'

interface Shape {
  /** a piece of it and where it stands from the anchor; looked at first, since it nearly always says no */
  readonly sign: string
  readonly offset: number
  /** the anchor and what follows, sticky */
  readonly from: RegExp
  /** what stands before the anchor, from the start of the key */
  readonly before: RegExp
}

const LONGEST_BEFORE = 80

/** Each as its vendor documents it. */
const SHAPES: Record<string, Shape[]> = {
  '.': [
    // Discord: bot id, time and HMAC, each base64url
    { sign: '.', offset: 7, from: /\.[\w-]{6}\.[\w-]{27,45}/y, before: /[MNO][A-Za-z\d]{22,27}$/ },
    // HCP Terraform
    { sign: 'atlasv1.', offset: 1, from: /\.atlasv1\.[\w-]{60,75}/y, before: /[A-Za-z\d]{14}$/ },
    // Airtable
    { sign: 'pat', offset: -17, from: /\.[\da-f]{64}/y, before: /pat[A-Za-z\d]{14}$/ },
  ],
  // Telegram: bot id and token
  ':': [{ sign: 'AA', offset: 1, from: /:AA[\w-]{32,34}/y, before: /\d{8,10}$/ }],
  '-': [
    // Mailchimp: the data centre follows
    { sign: 'us', offset: 1, from: /-us\d{1,2}/y, before: /[\da-f]{32}$/ },
    // Mailgun
    { sign: '-', offset: 9, from: /-[\da-f]{8}-[\da-f]{8}/y, before: /[\da-f]{32}$/ },
  ],
  // Microsoft Entra: client secrets
  '~': [{ sign: 'Q', offset: -1, from: /~[\w.~-]{31,34}/y, before: /[\w.~-]{3}\dQ$/ }],
  // Azure: keys of storage, batch, container registry, machine learning, event hubs, service bus
  '+': [
    {
      sign: 'A',
      offset: 1,
      from: /\+A(?:St|Ba|CR|MC|Eh|Sb)[A-Za-z\d+/]{5,6}={1,2}/y,
      before: /[A-Za-z\d+/]{32,76}$/,
    },
  ],
  // Braintree
  $: [{ sign: '$', offset: -17, from: /\$[\da-f]{32}/y, before: /access_token\$(?:production|sandbox)\$[\da-z]{16}$/ }],
  // New Relic: licence keys
  N: [{ sign: 'RAL', offset: 1, from: /NRAL/y, before: /(?:[\da-f]{36}|eu01xx[\da-f]{30})$/ }],
}
const byAnchor: Shape[][] = []
for (const [anchor, shapes] of Object.entries(SHAPES)) byAnchor[anchor.charCodeAt(0)] = shapes

export const shaped: Detector = {
  names: ['provider key by shape'],
  finds: 'secret',
  anchors: Object.keys(SHAPES).join(''),
  at(text, at, hits) {
    const shapes = byAnchor[codeAt(text, at)]!
    for (let i = 0; i < shapes.length; i++) {
      const { sign, offset, from, before } = shapes[i]!
      if (codeAt(text, at + offset) !== codeAt(sign, 0) || !text.startsWith(sign, at + offset)) continue
      from.lastIndex = at
      if (!from.test(text)) continue
      const head = before.exec(text.slice(Math.max(0, at - LONGEST_BEFORE), at))
      const end = from.lastIndex
      if (!head || !startsToken(text, at - head[0].length) || is(codeAt(text, end), WORD)) continue
      hits.add(at - head[0].length, end, 'SECRET')
      return end
    }
    return at
  },
}
