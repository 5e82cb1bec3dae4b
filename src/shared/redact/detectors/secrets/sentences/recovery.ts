/** Codes that restore an account, and the words that restore a wallet (BIP 39), beside the word that announces them. */
import { TOKEN_EDGE } from '../../../scan/anchors'
import { ending, endingAt } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { spend } from '../../../scan/work'

/** Groups of letters and digits, or one group of capitals and digits, or of eight digits and more. */
const CODE = '(?:[a-z\\d]{4,8}-){1,7}[a-z\\d]{4,8}|(?=[a-z]{0,16}\\d)[a-z\\d]{8,24}'
const RECOVERY = new RegExp(
  `(?:recovery|backup|rescue|reset|scratch|復旧|回復|バックアップ)[ _-]?(?:codes?|keys?|コード|キー)[\\\\"'\`]{0,10}(?:\\s{0,2}(?:[:：=は]|is|are|\\n)\\s{0,2}| (?=(?:[a-z\\d]{4,8}-){3}))[\\\\"'\`[]{0,10}((?:${CODE})(?:(?:\\\\n|[\\s,\\\\"'\`-]){1,6}(?:${CODE})){0,15})(?![\\w-])`,
  'iy',
)
const WORDS =
  '(?:mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?(?:phrase|words?)|(?:12|15|18|21|24|twelve|twenty-four)[ -]words?|' +
  'seed|phrase de récupération|frase (?:semilla|de recuperación|seed)|wiederherstellungs(?:phrase|wörter)|сид-фраза|мнемоническая фраза|' +
  '(?:シード|リカバリー|復元|秘密の?)フレーズ|ニーモニック|助记词|助記詞|种子短语|니모닉|복구 ?(?:문구|구문))'
const PHRASE = new RegExp(
  `${WORDS}s?[\\\\"'\`]{0,10}(?:\\s?(?:[:：=は]|is|are|ist|est|es)\\s{0,2}|\\s)(?:\\\\n)?[\\\\"'\`[「]{0,10}((?:(?:\\d{1,2}[.):] ?)?[a-z]{3,8}[\\s,\\\\"'\`]{1,6}){11,23}(?:\\d{1,2}[.):] ?)?[a-z]{3,8})`,
  'iy',
)
/** What the words have before the anchor, which nearly all that has the anchor has not. */
const BEFORE_CODE = ending(/(?:recovery|backup|rescue|reset|scratch|復旧|回復|バックアップ)[ _-]?(?:co|k|コー)?/i)
const BEFORE_PHRASE = ending(
  /(?:(?:seed|recovery|backup|secret|wallet)[ _-]?|wiederherstellungs)p|(?:(?:seed|recovery|backup|secret|wallet)[ _-]?|(?:12|15|18|21|24|twelve|twenty-four)[ -])wor|p(?=hrase de)|s(?=eed)|(?:シード|リカバリー|復元|秘密の?)フレー|ニー|助[记記]|니모/i,
)
/** What is read behind a word for a secret. */
const READ = 10

export const recoveryCode: Detector = {
  finds: 'secret',
  // code, key; コード, キー
  anchors: [{ at: 'dD', after: 'oO', before: 'eE' }, { at: 'eE', after: 'kK', before: 'yY' }, { at: 'ドキ' }],
  at(text, at, hits) {
    return masked(text, at, endingAt(BEFORE_CODE, text, at)?.[1], RECOVERY, hits)
  },
}

export const seedPhrase: Detector = {
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
    const isFirst = text[at] === 'm' || text[at] === 'M'
    return masked(text, at, isFirst ? '' : endingAt(BEFORE_PHRASE, text, at)?.[1], PHRASE, hits)
  },
}

/** Masks what the form finds from where its word begins; the scanner goes on behind it. */
function masked(text: string, at: number, before: string | undefined, form: RegExp, hits: Hits): number {
  if (before === undefined) return at
  spend(READ)
  form.lastIndex = at - before.length
  const found = form.exec(text)
  if (!found) return at
  hits.add(form.lastIndex - found[1]!.length, form.lastIndex, 'REDACTED')
  return form.lastIndex
}
