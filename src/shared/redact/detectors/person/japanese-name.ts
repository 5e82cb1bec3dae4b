/**
 * Japanese names: a surname with a given name, with a title (様, さん, 氏), after a word such as 担当者, or before と申します. A surname
 * alone is a place or a company as often.
 */
import { BLANK, codeAt, is } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Detector } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { nameWordBefore } from '../../words/name-words'
import { isGiven, isReading, kanaEnd, kanjiEnd, surnameEnd, surnameInitials, titleAt } from './names/japanese'
import { isKanji, isKatakana } from './names/script'

/** Longer runs of kanji are compounds. */
const LONGEST_RUN = 8
/** Surnames of one character that are as often another word before a title. */
const NO_SURNAME =
  /^(?:神|王|仏|殿|客|皆|奥|仁|宮|姫|嫁|孫|主|上|中|下|東|西|南|北|前|後|左|右|大|小|本|元|台|平|原|辻|岸|谷|沢|森|林|関|堀|浜|泉|星|畑|峰|滝|牧|柳|桜|梅|松|杉|竹|菊|橘|榊|堤|港|島)$/
/** Places, companies and things that begin with a surname and go on like a given name. */
const NO_NAME =
  /^(?:.{2,3}(?:一[部方般番層種]|二[番]|三[番]|大[学会臣]|美術|高[校等]|和[室国]|工[業場]|中[学央]|本[線店社部]|[東西南北]口|山[地脈]|子[会供]|正[面式]|文[学化]|理[事由論]|銀行)|中国|東京|京都|大阪|日本|千代田)/
/** Endings of words that are also given names: 根本的, 松本城. */
const NO_GIVEN =
  '的性化者家場所時間点分際前後中上下内外部線式法力度量値数型形別用品物本元目口手足心体国県市区町村駅川山島城港橋通号会社道'
const INTRODUCES = /^(?:と(?:申|もう)し|と(?:い|言)いま|でござい)/
/** 営業部の山田です; 長野の松本です is rare. */
const IS = /^(?:です|より|が(?:承|対応|担当|伺))/
/** Before a name that a title or だ ends: relatives and roles with の. */
const OF_ROLE =
  /(?:担当|[部課係社店局室院班]|チーム|営業|受付|[長妻夫娘父母弟兄姉妹]|息子|本人|患者|顧客|社員|会員|従業員|友人|同僚|上司|部下)の$/

export const japaneseName: Detector = {
  finds: 'personal',
  anchors: [{ at: surnameInitials() }],
  at(text, at, hits) {
    // most first characters of surnames begin no surname: the cheapest question comes first
    const surname = surnameEnd(text, at)
    if (surname === at) return at
    spend(3)
    const afterWord = nameWordBefore(text, at)
    const isInside = !afterWord && isKanji(codeAt(text, at - 1)) && !PREFIX.test(textBefore(text, at, 3))
    const end = nameEnd(text, at, surname, afterWord || isOfRole(text, at))
    // 小林 after 大: only with a space, a given name and a title is it sure
    if (isInside && !(end > surname && titleAt(text, end) > 0)) return at
    if (end === 0) return at
    hits.add(at, end, 'NAME')
    return end
  },
}

/** Right before a name, though of kanji: 昨日, 会員. */
const PREFIX =
  /(?:昨日|本日|今日|先日|明日|会員|社員|患者|顧客|担当|講師|教授|部長|課長|社長|店長|委員|議員|選手|監督|著者|作者)$/

function isOfRole(text: string, at: number): boolean {
  return codeAt(text, at - 1) === 0x306e && OF_ROLE.test(textBefore(text, at, 4))
}

/** The end of the name whose surname is [at, surname), 0 when nothing says that it is a name. */
function nameEnd(text: string, at: number, surname: number, afterWord: boolean): number {
  const isOne = surname - at === 1
  const run = kanjiEnd(text, surname, LONGEST_RUN)
  if (run - surname === LONGEST_RUN) return 0
  const given = beforeTitle(text, surname, run)
  const titled = titleAt(text, given) > 0
  if (given > surname) {
    const isName = isGiven(text.slice(surname, given))
    // 氏名：福田零
    if (afterWord && !isOne && given - surname <= 2) return given
    if (!isName) return 0
    if (titled || afterWord) return given
    if (
      isOne ||
      isKatakana(codeAt(text, given)) ||
      (given - surname === 1 && NO_GIVEN.includes(text[surname]!)) ||
      NO_NAME.test(text.slice(at, given + 1))
    )
      return 0
    return given
  }
  const spaced = is(codeAt(text, surname), BLANK) ? spacedGivenEnd(text, surname + 1, afterWord) : 0
  if (spaced > 0) return spaced
  const kana = readingEnd(text, surname)
  if (kana > surname && (afterWord || (!isOne && (titleAt(text, kana) > 0 || kana - surname > 2)))) return kana
  if (titled) return isOne && NO_SURNAME.test(text.slice(at, surname)) ? 0 : surname
  if (afterWord || INTRODUCES.test(text.slice(surname, surname + 4))) return surname
  if (!isOne && IS.test(text.slice(surname, surname + 3)) && /[の。、\n\s]$/.test(textBefore(text, at, 1)))
    return surname
  return 0
}

/** Where the title begins that a run of kanji ends with; its end when there is none. */
function beforeTitle(text: string, start: number, end: number): number {
  for (let at = Math.max(start, end - 3); at < end; at++) if (at + titleAt(text, at) === end) return at
  return end
}

/** The end of the given name that begins at `at` after a space, 0 when there is none. */
function spacedGivenEnd(text: string, at: number, afterWord: boolean): number {
  const run = kanjiEnd(text, at, LONGEST_RUN)
  if (run > at) {
    const given = beforeTitle(text, at, run)
    const isName = isGiven(text.slice(at, given)) || ((afterWord || titleAt(text, given) > 0) && given - at <= 3)
    if (given > at && isName) return given
    return 0
  }
  const kana = readingEnd(text, at)
  return kana > at ? kana : 0
}

/** The end of the given name in kana that begins at `at`, with 子 or 美 behind it; `at` when there is none. */
function readingEnd(text: string, at: number): number {
  const end = kanaEnd(text, at, 6)
  // さん, くん: the title of the surname
  if (titleAt(text, at) > 0) return at
  for (let stop = end; stop > at + 1; stop--) if (isReading(text.slice(at, stop))) return withKanji(text, stop)
  // くみ子; and any name before a title
  for (let stop = at + 2; stop <= end && stop < at + 5; stop++) {
    const last = withKanji(text, stop)
    if (last > stop || titleAt(text, stop) > 0 || INTRODUCES.test(text.slice(stop, stop + 4))) return last
  }
  return at
}

function withKanji(text: string, at: number): number {
  return at < text.length && '子美代江恵'.includes(text[at]!) ? at + 1 : at
}
