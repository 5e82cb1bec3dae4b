// Numbers of Japanese documents, postal codes, addresses and dates of birth.
import { modulo, myNumber as myNumberCheck } from '../checks.mjs'
import { grouped } from './financial.mjs'

/** @typedef {import('../random.mjs').Random} Random */

/** @param {Random} random */
export function myNumber(random) {
  const head = random.number(11)
  return grouped(head + myNumberCheck(head), [4, 4, 4], random.pick(['', '', ' ', '-']))
}

/** [type, words, maker] */
// biome-ignore format: a table
const DOCUMENTS = {
  licence: [['運転免許証番号', '免許証番号', '免許証の番号', '運転免許証'], licence],
  passport_jp: [['旅券番号', 'パスポート番号', 'パスポートNo.'], /** @param {Random} r */ r => r.fill('AA#######')],
  residence_card: [['在留カード番号', '在留カードの番号', '在留カード'], /** @param {Random} r */ r => r.fill('AA########AA')],
  pension: [['基礎年金番号', '年金番号', '年金手帳の番号'], /** @param {Random} r */ r => r.fill('####-######')],
  insurance: [['被保険者番号', '健康保険証の番号', '保険者番号', '介護保険被保険者番号'], /** @param {Random} r */ r => r.pick([r.number(8), r.number(10)])],
  employment: [['雇用保険被保険者番号', '雇用保険番号'], /** @param {Random} r */ r => r.fill('####-######-#')],
  account_jp: [['口座番号', '普通', '普通預金', '振込先口座番号', '当座'], /** @param {Random} r */ r => r.number(7)],
}

/** Police: 12 digits, the eleventh checks the ten before it. @param {Random} r */
function licence(r) {
  const head = r.pick(['30', '30', '62', '45', '12', '90']) + r.digits(8)
  const sum = [...head].reduce((all, digit, index) => all + Number(digit) * /** @type {number} */ ([5, 4, 3, 2, 7, 6, 5, 4, 3, 2][index]), 0) // biome-ignore format: weights
  return `${head}${modulo(String(11 - (sum % 11)), 11) % 10}${r.int(0, 2)}`
}

/** A document's number with the words that stand before it. @param {Random} random */
export function document(random) {
  const type = random.pick(Object.keys(DOCUMENTS))
  const [words, make] = /** @type {Record<string, [string[], (random: Random) => string]>} */ (DOCUMENTS)[type] ?? [
    [''],
    () => '',
  ]
  return { type, word: random.pick(words), value: make(random) }
}

const PLACES = [
  ['東京都渋谷区神南', '150-0041'],
  ['東京都千代田区丸の内', '100-0005'],
  ['東京都世田谷区三軒茶屋', '154-0024'],
  ['大阪府大阪市北区梅田', '530-0001'],
  ['京都府京都市中京区寺町通御池上る上本能寺前町', '604-8571'],
  ['北海道札幌市中央区北一条西', '060-0001'],
  ['神奈川県横浜市西区みなとみらい', '220-0012'],
  ['愛知県名古屋市中村区名駅', '450-0002'],
  ['福岡県福岡市博多区博多駅前', '812-0011'],
  ['沖縄県那覇市おもろまち', '900-0006'],
  ['長野県北佐久郡軽井沢町大字軽井沢', '389-0102'],
  ['岩手県盛岡市内丸', '020-0023'],
  ['広島県広島市中区基町', '730-0011'],
  ['千葉県市川市八幡', '272-0021'],
  ['埼玉県さいたま市浦和区高砂', '330-0063'],
  ['三重県四日市市諏訪町', '510-0085'],
  ['石川県金沢市広坂', '920-0962'],
]
const BUILDINGS = [
  '',
  '',
  '',
  ' サンライズマンション305号室',
  ' 丸の内ビルディング12F',
  'コーポ桜202',
  '　第2山田ハイツ101',
  ' グランメゾン杉並A-1203',
  ' 内',
]

/** @param {Random} r */
export function addressJapan(r) {
  const [place] = r.pick(PLACES)
  const [a, b, c] = [r.int(1, 9), r.int(1, 30), r.int(1, 20)]
  const kanji = '一二三四五六七八九'
  const block = r.pick([`${a}-${b}-${c}`, `${a}丁目${b}番${c}号`, `${a}丁目${b}-${c}`, `${a}−${b}−${c}`, `${kanji[a - 1]}丁目${b}番地`, `${a}-${b}`, `${b}番地${c}`, `${b * 37}番地`]) // biome-ignore format: a list
  return place + block + r.pick(BUILDINGS)
}

/** @param {Random} r */
export const postalJapan = r => r.pick(PLACES)[1] ?? ''

/** A postal code and the prefecture that it belongs to. @param {Random} r */
export function postalWithPrefecture(r) {
  const [place = '', code = ''] = r.pick(PLACES)
  return { code, prefecture: /^(?:.{2}[都府道]|..?県|.{3}県)/.exec(place)?.[0] ?? '' }
}

/** @param {Random} r */
export function birthJapan(r) {
  const [year, month, day] = [r.int(1950, 2004), r.int(1, 12), r.int(1, 28)]
  const era = year >= 1989 ? `平成${year - 1988 === 1 ? '元' : year - 1988}` : `昭和${year - 1925}`
  return r.pick([
    `${year}年${month}月${day}日`,
    `${era}年${month}月${day}日`,
    `${year}/${r.pad(month)}/${r.pad(day)}`,
    `${year}-${r.pad(month)}-${r.pad(day)}`,
    `${year >= 1989 ? 'H' : 'S'}${year >= 1989 ? year - 1988 : year - 1925}.${month}.${day}`,
    `${year}${r.pad(month)}${r.pad(day)}`,
  ])
}
