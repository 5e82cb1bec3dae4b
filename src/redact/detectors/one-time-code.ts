/**
 * Codes that are good for one login, codes that restore an account, and the words that restore a wallet (BIP 39), beside
 * the word that announces them, in a sentence or under a key.
 */
import { TOKEN_EDGE } from '../anchors'
import { codeAt } from '../chars'
import type { Detector } from '../scan'

const NUMBER = '(?:\\d{3}[ -]\\d{3,4}|\\d{4,8}|[A-Z]-\\d{5,8})(?![\\da-z-])'
/** What a code is for; of `your … code` it is not that of a place, a fault or a sale. */
const PURPOSE =
  'verification|confirmation|security|log-?in|sign-?in|one-time|access|auth(?:entication|orization)?|2fa|mfa|two-factor|otp|sms|' +
  'activation|unlock|your (?!zip|postal|post|area|country|error|status|exit|promo|discount|coupon|voucher|product|source)[\\w.-]{1,24}'
const WORD =
  `(?:(?:${PURPOSE})[ -]?(?:pass)?code|passcode|\\botp|one-time (?:password|pin)|` +
  '(?:bestätigungs|sicherheits|anmelde|verifizierungs|einmal|zugangs)-?(?:code|passwort|kennwort)|' +
  "code (?:de |d['’])(?:vérification|sécurité|confirmation|connexion|accès|validation)|" +
  'código de (?:verificación|seguridad|confirmación|acceso|verificação|segurança|confirmação)|' +
  'codice di (?:verifica|sicurezza|conferma|accesso)|' +
  '(?:認証|確認|検証|セキュリティ|ログイン)コード|ワンタイム(?:パスワード|コード)|暗証番号)'
const IS =
  '[\\\\"\'`*]{0,10}(?: (?:for|to|für|pour|para|per) [\\w@.-]{1,32})?\\s?(?:[:：=は]|is|was|lautet|ist|est|es|è|é)?[:：]?\\s?[\\\\"\'`「]{0,9}'
const ANNOUNCED = new RegExp(`${WORD}${IS}(${NUMBER})`, 'iu')
const ANNOUNCED_BEHIND = new RegExp(
  `(?<![\\d.-])(${NUMBER}) (?:is|as) (?:the|your|a)\\b[\\w .-]{0,32}?(?:code|otp|pin)`,
  'iu',
)
const RECOVERY =
  /(?:recovery|backup|rescue|reset)[ _-]?codes?[\\"'`]{0,10}\s?(?:[:：=]|is|are)\s?[\\"'`[]{0,10}((?:[a-z\d]{4,8}-){1,5}[a-z\d]{4,8}(?:[\s,\\"'`]{1,6}(?:[a-z\d]{4,8}-){1,5}[a-z\d]{4,8}){0,15})/i
const PHRASE =
  /(?:mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?phrase|(?:シード|リカバリー|復元|秘密の?)フレーズ)s?[\\"'`]{0,10}(?:\s?(?:[:：=は]|is|are)\s?|\s)[\\"'`[「]{0,10}((?:(?:\d{1,2}[.)] ?)?[a-z]{3,8}[\s,\\"'`]{1,6}){11,23}[a-z]{3,8})/i
const LONGEST_WORD = 48
const LONGEST_NUMBER = 80
const LONGEST_PHRASE = 400

export const oneTimeCode: Detector = {
  names: ['one-time code', 'recovery code'],
  finds: 'secret',
  anchors: [
    // code, código, codice; OTP; one-time; コード, ワンタイムパスワード, 暗証番号
    { at: 'dD', after: 'oOóÓ\u007f', before: 'eEiI' },
    { at: 'pP', after: 'tT' },
    { at: '-', after: 'eE', before: 'tT' },
    { at: 'ド号' },
  ],
  at(text, at, hits) {
    // of od(e) and (t)p, which many words have: c-od-e, o-t-p
    const code = codeAt(text, at) | 32
    const first = codeAt(text, at - 2) | 32
    if ((code === 100 && first !== 99) || (code === 112 && first !== 111)) return at
    const from = Math.max(0, at - LONGEST_WORD)
    const near = text.slice(from, at + LONGEST_NUMBER)
    if (!/\d{3}/.test(near) && !/cover|backup|rescue|reset/i.test(near)) return at
    const found = ANNOUNCED.exec(near) ?? ANNOUNCED_BEHIND.exec(near)
    if (found) return masked(hits, from + found.index + found[0].indexOf(found[1]!), found[1]!, at)
    const recovery = RECOVERY.exec(text.slice(from, at + LONGEST_PHRASE))
    return recovery
      ? masked(hits, from + recovery.index + recovery[0].length - recovery[1]!.length, recovery[1]!, at)
      : at
  },
}

export const seedPhrase: Detector = {
  names: ['seed phrase'],
  finds: 'secret',
  anchors: [{ at: 'mM', after: TOKEN_EDGE, before: 'nN' }, { at: 'hH', after: 'pP', before: 'rR' }, { at: 'ズ' }],
  at(text, at, hits) {
    const from = Math.max(0, at - LONGEST_WORD)
    const found = PHRASE.exec(text.slice(from, at + LONGEST_PHRASE))
    return found ? masked(hits, from + found.index + found[0].length - found[1]!.length, found[1]!, at) : at
  },
}

type Hits = Parameters<Detector['at']>[2]

/** Adds the value; the scanner goes on behind it, but not where it stands before the word. */
function masked(hits: Hits, start: number, value: string, at: number): number {
  hits.add(start, start + value.length, 'REDACTED')
  return Math.max(start + value.length, at)
}
