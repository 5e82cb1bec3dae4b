/**
 * Keys that have no prefix and yet one shape: something in their middle tells them. Called by the scanner at the
 * character that is rare.
 */
import { codeAt, is, startsToken, WORD } from '../chars'
import type { Detector } from '../scan'

interface Shape {
  /** the anchor and what else is always there; read first, since it nearly always says no */
  readonly from: RegExp
  /** what stands before it, from the start of the key */
  readonly before: RegExp
}

const LONGEST_BEFORE = 80

/** Each as its vendor documents it; `from` is sticky, `before` ends at the anchor. */
const SHAPES: Record<string, Shape[]> = {
  '.': [
    // Discord: bot id, time and HMAC, each base64url
    { from: /\.[\w-]{6}\.[\w-]{27,45}/y, before: /[MNO][A-Za-z\d]{22,27}$/ },
    // HCP Terraform
    { from: /\.atlasv1\.[\w-]{60,75}/y, before: /[A-Za-z\d]{14}$/ },
    // Airtable
    { from: /\.[\da-f]{64}/y, before: /pat[A-Za-z\d]{14}$/ },
  ],
  ':': [
    // Telegram: bot id and token
    { from: /:AA[\w-]{32,34}/y, before: /\d{8,10}$/ },
    // Asana
    { from: /:[\da-f]{32}/y, before: /[0-2]\/\d{15,17}(?:\/\d{15,17})?$/ },
  ],
  '-': [
    // Mailchimp: the data centre follows
    { from: /-us\d{1,2}/y, before: /[\da-f]{32}$/ },
    // Mailgun
    { from: /-[\da-f]{8}-[\da-f]{8}/y, before: /[\da-f]{32}$/ },
  ],
  // Microsoft Entra: client secrets
  '~': [{ from: /~[\w.~-]{31,34}/y, before: /[\w.~-]{3}\dQ$/ }],
  // Azure: keys of storage, batch, container registry, machine learning, event hubs, service bus
  '+': [{ from: /\+A(?:St|Ba|CR|MC|Eh|Sb)[A-Za-z\d+/]{5,6}={1,2}/y, before: /[A-Za-z\d+/]{32,76}$/ }],
  // Braintree
  $: [{ from: /\$[\da-f]{32}/y, before: /access_token\$(?:production|sandbox)\$[\da-z]{16}$/ }],
  // New Relic: licence keys
  N: [{ from: /NRAL/y, before: /(?:[\da-f]{36}|eu01xx[\da-f]{30})$/ }],
}

export const shaped: Detector = {
  names: ['provider key by shape'],
  finds: 'secret',
  anchors: Object.keys(SHAPES).join(''),
  at(text, at, hits) {
    // a word comes to its end here, or goes on with the mark
    if (!is(codeAt(text, at - 1), WORD) && codeAt(text, at - 1) !== 47) return at
    for (const { from, before } of SHAPES[text[at]!]!) {
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
