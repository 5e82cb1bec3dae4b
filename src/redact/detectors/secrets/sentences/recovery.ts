/** Codes that restore an account, and the words that restore a wallet (BIP 39), beside the word that announces them. */
import { TOKEN_EDGE } from '../../../scan/anchors'
import { codeAt } from '../../../scan/chars'
import type { Detector, Hits } from '../../../scan/scanner'

/** Groups of letters and digits, or one group of capitals and digits, or of eight digits and more. */
const CODE = '(?:[a-z\\d]{4,8}-){1,7}[a-z\\d]{4,8}|(?=[a-z]{0,16}\\d)[a-z\\d]{8,24}'
const RECOVERY = new RegExp(
  `(?:recovery|backup|rescue|reset|scratch|復旧|回復|バックアップ)[ _-]?(?:codes?|keys?|コード|キー)[\\\\"'\`]{0,10}(?:\\s{0,2}(?:[:：=は]|is|are|\\n)\\s{0,2}| (?=(?:[a-z\\d]{4,8}-){3}))[\\\\"'\`[]{0,10}((?:${CODE})(?:(?:\\\\n|[\\s,\\\\"'\`-]){1,6}(?:${CODE})){0,15})(?![\\w-])`,
  'i',
)
const WORDS =
  '(?:mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?(?:phrase|words?)|(?:12|15|18|21|24|twelve|twenty-four)[ -]words?|' +
  'seed|phrase de récupération|frase (?:semilla|de recuperación|seed)|wiederherstellungs(?:phrase|wörter)|сид-фраза|мнемоническая фраза|' +
  '(?:シード|リカバリー|復元|秘密の?)フレーズ|ニーモニック|助记词|助記詞|种子短语|니모닉|복구 ?(?:문구|구문))'
const PHRASE = new RegExp(
  `${WORDS}s?[\\\\"'\`]{0,10}(?:\\s?(?:[:：=は]|is|are|ist|est|es)\\s{0,2}|\\s)(?:\\\\n)?[\\\\"'\`[「]{0,10}((?:(?:\\d{1,2}[.):] ?)?[a-z]{3,8}[\\s,\\\\"'\`]{1,6}){11,23}(?:\\d{1,2}[.):] ?)?[a-z]{3,8})`,
  'i',
)
const LONGEST_WORD = 48
const LONGEST_PHRASE = 440
/** A word for recovery and eight characters behind it. */
const LONGEST_BEFORE = 16

export const recoveryCode: Detector = {
  names: ['recovery code'],
  finds: 'secret',
  // code, key; コード, キー
  anchors: [{ at: 'dD', after: 'oO', before: 'eE' }, { at: 'eE', after: 'kK', before: 'yY' }, { at: 'ドキ' }],
  at(text, at, hits) {
    const near = text.slice(Math.max(0, at - LONGEST_BEFORE), at)
    if (!/(?:cover|backup|rescue|reset|scratch|復|ップ).{0,8}$/i.test(near)) return at
    return masked(text, at, RECOVERY, hits)
  },
}

export const seedPhrase: Detector = {
  names: ['seed phrase'],
  finds: 'secret',
  // mNemonic, pHrase, worDs, sEed; フレーズ, ニーモニック, 助记词
  anchors: [
    { at: 'mM', after: TOKEN_EDGE, before: 'nN' },
    { at: 'hH', after: 'pP', before: 'rR' },
    { at: 'dD', after: 'rR', before: 'sS' },
    { at: 'eE', after: 'sS', before: 'eE' },
    { at: 'ズモ词詞닉' },
  ],
  at(text, at, hits) {
    const code = codeAt(text, at) | 32
    // of ords and see: w-ords, see-d
    if (code === 100 && (codeAt(text, at - 2) | 32) !== 111) return at
    if (code === 101 && (codeAt(text, at + 2) | 32) !== 100) return at
    return masked(text, at, PHRASE, hits)
  },
}

/** Masks what is found around the anchor; the scanner goes on behind it. */
function masked(text: string, at: number, form: RegExp, hits: Hits): number {
  const from = Math.max(0, at - LONGEST_WORD)
  const found = form.exec(text.slice(from, at + LONGEST_PHRASE))
  if (!found) return at
  const end = from + found.index + found[0].length
  hits.add(end - found[1]!.length, end, 'REDACTED')
  return Math.max(end, at)
}
