/** Words that announce a phone number. Called by the `phone` rule, and with attribute keys by `keys.ts`. */
import { createWordFinder } from './key-words'

/** Short ones count only as words of their own (not in `hotel`, `cancelled`). */
const WORDS =
  '-tel -tél -cell -fax -sms -handy -móvil -portable -call phone mobile telefon telefono teléfono téléphone telefone celular ' +
  'whatsapp rufnummer 電話 携帯 ファックス 手机 手機 电话 전화 휴대폰'
const ENDINGS = ['', 'number', 'numbers', 'no', 'num', 'nr', 'at', 'on', 'me', 'meat', 'meon', '番号', '号码', '번호']

const find = createWordFinder(WORDS.split(' ').flatMap(word => ENDINGS.map(ending => [word + ending, true] as const)))

/** What stands between the word and its number: colons, quotes of any depth, brackets, は. */
const BETWEEN = ' \t\n:=は"\'\\.])(/'
const LONGEST_BETWEEN = 12

/** True when a phone number is expected at `at`. */
export function expectsPhone(text: string, at: number): boolean {
  let end = at
  while (end > at - LONGEST_BETWEEN && end > 0 && BETWEEN.includes(text[end - 1]!)) end--
  const found = find(text, end)
  // our own mask is no announcement
  return found !== undefined && text[found.start - 1] !== '['
}
