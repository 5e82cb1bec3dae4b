/**
 * Japanese addresses: prefecture, municipality and block, with or without the prefecture (東京都渋谷区神南1-2-3,
 * 横浜市西区みなとみらい2丁目3番1号), with building and room; and postal codes after 〒 or before an address. A place without a block number
 * is where somebody was, not where somebody lives.
 */
import { codeAt } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Detector, Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { isKanji } from '../person/names/script'

const PREFECTURES = new Set(
  (
    '北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 ' +
    '岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 ' +
    '佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県'
  ).split(' '),
)
/** The longest name of a municipality that is read backwards. */
const LONGEST_PLACE = 7
const DASH = '[-\u2010-\u2015\u2212ー]'
const NUMERAL = '(?:\\d{1,5}|[一二三四五六七八九十百]{1,4})'
/** Town or village names up to the block: kanji, kana, one space between. */
const AREA = '[\\u3005\\u3041-\\u30fa\\u30fc\\u4e00-\\u9fff]{0,16}?'
const KANJI_NUMERAL = '[一二三四五六七八九十百〇]'
const BLOCK =
  `(?:[東西南北]?${NUMERAL}(?:丁目|番地の?|番町?|号|条|線|${DASH}(?=\\d|${KANJI_NUMERAL}))\\s?){1,4}` +
  `(?:\\d{1,5}(?:番地?|号室|号|階)?|(?<=${DASH})${KANJI_NUMERAL}{1,4})?`
/** Kyoto: the way from the crossing of two streets to the block. */
const FROM_CROSSING = '(?:[上下]る|[東西]入る?)'
const ROOM = '\\d{1,4}(?:号室|号|階|F)'
const NAME = '\\u3005\\u306e\\u30a0-\\u30ff\\u4e00-\\u9fffA-Za-z'
/** After the block: a building with its room, by its kind, or in katakana before a number; and a room. */
const BUILDING =
  `(?:\\s?[${NAME}]{2,16}\\s?(?=[A-Z]?${ROOM})` +
  `|\\s?(?:第\\d{1,2})?[${NAME}]{0,16}` +
  '(?:ビルディング|ビル|マンション|ハイツ|コーポ|荘|アパート|タワー|レジデンス|ハイム|メゾン|パレス|コート|ヒルズ|プラザ|ハウス|テラス|棟|号館)(?:[\\u3005\\u30a0-\\u30ff\\u4e00-\\u9fff]{1,10}(?=\\s?[A-Z]?\\d{1,4}))?' +
  '(?:[\\u30a0-\\u30ff\\u4e00-\\u9fff]{1,6}(?=\\s?[A-Z]?-?\\d))?' +
  '|\\s?[\\u3005\\u4e00-\\u9fff]{0,6}[\\u30a0-\\u30fa\\u30fc]{2,16}(?=\\s?\\d{1,4}))?' +
  '(?:\\s?[A-Z]?-?\\d{1,4}(?:号室|号|階|F)?(?![-\\d\\u2010-\\u2015\\u2212ー:年月時分円]))?'
const REST = new RegExp(`\\s?${AREA}\\s?${BLOCK}(?:${FROM_CROSSING}\\s?${BLOCK})?${BUILDING}`, 'y')
const MUNICIPALITY = /[市区町村郡]/
/** 市区町村 is the word for all of them. */
const NO_PLACE = /^[都道府県市区町村]+$/
/** A particle after the place: 郡山市に2-3日 is a sentence. */
const IN_SENTENCE = /(?:^|[市区町村])[にではがをともやへ]{1,2}\s?\d/
const POSTAL_CODE = new RegExp(`(?<![${DASH.slice(1, -1)}\\d.]|(?<!\\\\)[A-Za-z])\\d{3}${DASH}?\\d{4}\\s{0,2}$`)
const POSTAL_MARK = new RegExp(`〒\\s{0,2}(\\d{3}${DASH}?\\d{4})(?!\\d)`, 'y')

export const japaneseAddress: Detector = {
  finds: 'personal',
  anchors: [{ at: '都道府県市区郡町村〒' }],
  at(text, at, hits) {
    if (codeAt(text, at) === 0x3012) return postalMark(text, at, hits)
    const start = placeStart(text, at)
    if (start === at) return at
    const isPrefecture = PREFECTURES.has(text.slice(start, at + 1))
    if (isPrefecture) postalBefore(text, start, hits)
    spend(5)
    REST.lastIndex = at + 1
    const rest = REST.exec(text)?.[0].trimEnd()
    if (!rest) return at
    const end = at + 1 + rest.length
    if (IN_SENTENCE.test(rest)) return at
    if (isPrefecture ? !MUNICIPALITY.test(rest) : !isTown(rest)) return at
    if (!isPrefecture) postalBefore(text, start, hits)
    hits.add(start, end, 'ADDRESS')
    return end
  },
}

function postalMark(text: string, at: number, hits: Hits): number {
  POSTAL_MARK.lastIndex = at
  const found = POSTAL_MARK.exec(text)
  if (!found) return at
  hits.add(POSTAL_MARK.lastIndex - found[1]!.length, POSTAL_MARK.lastIndex, 'POSTAL_CODE')
  return POSTAL_MARK.lastIndex
}

/** The seven digits right before an address, which may be masked already. */
function postalBefore(text: string, start: number, hits: Hits): void {
  const before = textBefore(text, start, 14)
  const found = POSTAL_CODE.exec(before)
  if (!found) return
  hits.add(start - found[0].length, start - (found[0].length - found[0].trimEnd().length), 'POSTAL_CODE')
}

/** Where the name of the prefecture or municipality begins that ends at `at`; `at` when there is none. */
function placeStart(text: string, at: number): number {
  for (const length of [3, 4]) {
    const prefecture = text.slice(Math.max(0, at + 1 - length), at + 1)
    if (PREFECTURES.has(prefecture)) return at + 1 - length
  }
  const code = codeAt(text, at)
  // 都, 道, 府, 県: of a prefecture or nothing
  if (code === 0x90fd || code === 0x9053 || code === 0x5e9c || code === 0x770c) return at
  let start = at
  while (start > at - LONGEST_PLACE && isKanji(codeAt(text, start - 1))) start--
  if (start < at) return NO_PLACE.test(text.slice(start, at)) ? at : start
  // さいたま市, つくば市
  while (start > at - LONGEST_PLACE && isHiraganaName(codeAt(text, start - 1))) start--
  return at - start >= 3 ? start : at
}

function isHiraganaName(code: number): boolean {
  return code >= 0x3041 && code <= 0x3093
}

/** Without a prefecture, the block has to have two numbers. */
function isTown(rest: string): boolean {
  return new RegExp(`\\d${DASH}\\d|${KANJI_NUMERAL}${DASH}${KANJI_NUMERAL}|丁目|番地|番\\d`).test(rest)
}
