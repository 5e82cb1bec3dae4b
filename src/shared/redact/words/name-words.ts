/** Words that say what stands behind them: a name, an address, a postal code. */

import { isJapanese } from '../detectors/person/names/script'
import { NAME_WORDS, type NameKind } from '../locales/name-words'
import { BLANK, codeAt, is, LETTER } from '../scan/chars'
import { createWordFinder, type Found } from './word-finder'

export type NameWord = Found<NameKind>

const { find, ends } = createWordFinder<NameKind>(NAME_WORDS)

export { ends as nameEnds }

/** Of the words of two characters, those that others are made of: 患者氏名. */
const LONG = /^(?:氏名|住所|担当|患者|顧客|社員|地址|姓名|名义|名義|者名|宛先|宛名|本籍|客户|客戶)$/
const SMALL = /^c(?:a|\.a\.)?p\.?$/
/** A key by itself, whatever stands before it: `saved user displayName=…`, `SET account_holder =` */
const COMPOUND = /_|[a-z][A-Z]/
/** Before a word they leave it what it is; other words make it another one. */
const OWN = /(?:^|[^a-z])(?:my|your|his|her|our|their|the|new|old|current|correct|full|primary|dear|lead|main)$/i

/**
 * The longest such word that ends at `end`, undefined when there is none. An ordinary word before it makes it another
 * one: `file name`, `IP address`; a role is then as uncertain as a bare `name` (`HTTP client`, `returning customer`).
 */
export function nameWordAt(text: string, end: number): NameWord | undefined {
  const found = find(text, end)
  if (!found) return undefined
  const { value, start } = found
  const before = start - 1
  // `[NAME:` of a pseudonym
  if (text[before] === '[' && /^[A-Z_]+$/.test(text.slice(start, end))) return undefined
  // 件名, ファイル名, 静かな: these are whole words here
  if (
    end - start <= 2 &&
    isJapanese(codeAt(text, start)) &&
    isJapanese(codeAt(text, before)) &&
    !LONG.test(text.slice(start, end))
  )
    return undefined
  // CAP and CP are postal codes, cap and cp are not
  if (value === 'postal' && SMALL.test(text.slice(start, end))) return undefined
  if (value === 'name' || value === 'postal' || COMPOUND.test(text.slice(start, end))) return found
  if (!is(codeAt(text, before), BLANK) || !is(codeAt(text, before - 1), LETTER)) return found
  if (OWN.test(text.slice(Math.max(0, before - 9), before))) return found
  return value === 'role' ? { value: 'bare', start } : undefined
}

/** True when such a word for a name stands right before `at`, or a space or bracket away. */
export function nameWordBefore(text: string, at: number): boolean {
  let end = at
  while (end > at - 3 && end > 0 && ' \t:】]は('.includes(text[end - 1]!)) end--
  const word = nameWordAt(text, end)
  // 名前, 姓名: 名 alone is a label only before a separator
  if (!word || (end === at && word.start === end - 1)) return false
  return word.value === 'name' || word.value === 'role'
}
