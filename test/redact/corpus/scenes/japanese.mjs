// Everything that Japanese forms, tickets, chats and logs hold. One set of the corpus; called by generate.mjs.

import { email, phoneJapan } from '../values/contact.mjs'
import { card } from '../values/financial.mjs'
import { addressJapan, birthJapan, document, myNumber, postalJapan } from '../values/japan.mjs'
import { kana, person, romaji, surname } from '../values/names.mjs'
import { humanPassword } from '../values/passwords.mjs'
import { spelled, WORDS } from './variants.mjs'

/** @typedef {import('../random.mjs').Random} Random */
/** @typedef {import('../generate.mjs').Put} Put */

/** @param {Random} r @param {Put} put */
const name = (r, put) => put('name_ja', person(r, 'ja'))
/** @param {Random} r @param {Put} put */
const phone = (r, put) => put('phone_jp', spelled(r, phoneJapan(r), 0.15))
/** @param {Random} r @param {Put} put */
const mail = (r, put) => put('email', spelled(r, email(r), 0.1, WORDS))
/** @param {Random} r @param {Put} put */
const place = (r, put) => put('address_ja', addressJapan(r))
/** @param {Random} r @param {Put} put */
const postal = (r, put) => put('postal_code', spelled(r, postalJapan(r), 0.15))

/** By scene: a text with all that is in it. @type {Record<string, (r: Random, put: Put) => string>} */
// biome-ignore format: a table
export const japanese = {
  form: (r, put) => `【お問い合わせ】\nお名前：${name(r, put)}\nフリガナ：${put('name_kana', kana(r))}\nメールアドレス：${mail(r, put)}\n電話番号：${phone(r, put)}\nご住所：〒${postal(r, put)} ${place(r, put)}\n内容：商品が届きません。`,
  order: (r, put) => `注文番号：${r.number(10)}\nお届け先：${place(r, put)}\n受取人：${name(r, put)} 様\n電話：${phone(r, put)}`,
  letter: (r, put) => `${name(r, put)}様\n\nいつもお世話になっております。株式会社サンプルの${put('name_ja', surname(r, 'ja'))}です。\nご登録の電話番号（${phone(r, put)}）にご連絡いたしましたが、不在でした。`,
  chat: (r, put) => `ユーザー: ${name(r, put)}と申します。${r.pick(['予約を変更したいです', '住所変更をお願いします'])}。電話は${phone(r, put)}、メールは${mail(r, put)}です。\nオペレーター: ありがとうございます。`,
  moved: (r, put) => `先月${place(r, put)}に引っ越しました。郵便番号は${postal(r, put)}です。`,
  document: (r, put) => {
    const { type, word, value } = document(r)
    return r.pick([`${word}：${put(type, value)}`, `${word}は${put(type, value)}です。`, `本人確認書類（${word}：${put(type, value)}）を受領しました。`])
  },
  bank: (r, put) => `振込先：みずほ銀行 渋谷支店 普通 ${put('account_jp', r.number(7))} ${r.pick(['口座名義', '名義'])}：${put('name_kana', kana(r))}`,
  my_number: (r, put) => `${r.pick(['マイナンバー', '個人番号', 'マイナンバーカードの番号'])}${r.pick(['：', 'は', ': '])}${put('my_number', spelled(r, myNumber(r), 0.15))}`,
  card: (r, put) => `カード番号${r.pick(['：', 'は ', ' '])}${put('card', spelled(r, card(r), 0.15))} 有効期限 0${r.int(1, 9)}/2${r.int(7, 9)}`,
  birth: (r, put) => `${name(r, put)}さん（${r.pick(['生年月日：', '生年月日 '])}${put('date_of_birth_jp', birthJapan(r))}）`,
  json: (r, put) => JSON.stringify({ 氏名: name(r, put), 住所: place(r, put), 電話番号: phone(r, put), 会員番号: r.number(8) }),
  english_keys: (r, put) => JSON.stringify({ id: r.int(1, 9999), name: name(r, put), name_kana: put('name_kana', kana(r)), email: mail(r, put), tel: phone(r, put), zip: postal(r, put), address: place(r, put) }),
  minutes: (r, put) => `議事録\n出席者：${name(r, put)}、${name(r, put)}\n次回までに${put('name_ja', surname(r, 'ja'))}さんが見積もりを確認する。`,
  nurse: (r, put) => `患者氏名: ${name(r, put)} / 生年月日: ${put('date_of_birth_jp', birthJapan(r))} / 保険者番号: ${put('insurance', r.number(8))}`,
  password: (r, put) => `仮パスワード：${put('password', humanPassword(r))}\nログイン後に変更してください。`,
  log: (r, put) => `2026-04-01 09:12:33 INFO 会員登録完了 氏名=${name(r, put)} メール=${mail(r, put)} 電話=${phone(r, put)}`,
  csv: (r, put) => `会員ID,氏名,電話番号,住所\n${r.number(6)},${name(r, put)},${phone(r, put)},${place(r, put)}\n`,
  romaji: (r, put) => `お名前（ローマ字）：${put('name_ja', romaji(r))}\n国籍：日本`,
  called: (r, put) => `昨日${put('name_ja', person(r, 'ja'))}${r.pick(['さん', '様', '氏', '先生', '部長'])}から電話があり、折り返しは${phone(r, put)}とのことです。`,
  summary: (r, put) => `要約: 顧客(${name(r, put)}、${mail(r, put)})が返品を希望。返送先は${place(r, put)}。`,
}
