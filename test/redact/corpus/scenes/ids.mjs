// Numbers of documents, accounts and persons, and dates of birth, each next to the word that says what it is. One set of the
// corpus; called by generate.mjs.
import { account } from '../values/financial.mjs'
import { birthJapan, document } from '../values/japan.mjs'
import { national } from '../values/national.mjs'
import { keyed } from './containers.mjs'
import { language, said } from './languages.mjs'

/** @typedef {import('../random.mjs').Random} Random */
/** @typedef {import('../generate.mjs').Put} Put */

/** Date of birth as forms of the language write it. @param {Random} r @param {string} code */
function birth(r, code) {
  const [year, month, day] = [String(r.int(1948, 2006)), r.pad(r.int(1, 12)), r.pad(r.int(1, 28))]
  const months = ['January', 'March', 'May', 'August', 'October', 'December', 'Feb', 'Sep']
  if (code === 'en') return r.pick([`${month}/${day}/${year}`, `${year}-${month}-${day}`, `${r.pick(months)} ${Number(day)}, ${year}`, `${day} ${r.pick(months)} ${year}`]) // biome-ignore format: a list
  if (code === 'zh') return r.pick([`${year}年${Number(month)}月${Number(day)}日`, `${year}-${month}-${day}`])
  if (code === 'ko') return r.pick([`${year}년 ${Number(month)}월 ${Number(day)}일`, `${year}.${month}.${day}`])
  return r.pick([
    `${day}.${month}.${year}`,
    `${day}/${month}/${year}`,
    `${year}-${month}-${day}`,
    `${day}-${month}-${year}`,
  ])
}

/** @param {Random} r @param {string} word @param {string} value */
const nextTo = (r, word, value) =>
  r.pick([
    `${word}: ${value}`,
    `${word} ${value}`,
    `${word}：${value}`,
    `| ${word} | ${value} |`,
    `My ${word} is ${value}, can you check?`,
    `${word} = ${value}\nStatus: open`,
    JSON.stringify({ id: 7, [word]: value }),
    `${word}#${value}`,
    `(${word}: ${value})`,
  ])

// biome-ignore format: a table
const KEYS = {
  account: ['account_number', 'accountNumber', 'bank_account', 'acctNo'],
  passport: ['passport', 'passportNumber', 'passport_no'],
  birth: ['birthdate', 'dateOfBirth', 'date_of_birth', 'dob', 'birthday'],
  licence: ['driver_license', 'driversLicense', 'license_number'],
}

/** By type: a text with it. @type {Record<string, (r: Random, put: Put) => string>} */
export const ids = {
  date_of_birth: (r, put) => {
    const { code, words } = language(r)
    const value = put('date_of_birth', birth(r, code))
    return r.maybe(0.3) ? r.pick(keyed)(r, r.pick(KEYS.birth), value) : said(r, words, 'birth', value)
  },
  date_of_birth_jp: (r, put) => {
    const value = put('date_of_birth', birthJapan(r))
    return r.pick([
      `生年月日：${value}`,
      `生年月日 ${value}`,
      `生年月日は${value}です。`,
      `誕生日: ${value}`,
      JSON.stringify({ 生年月日: value }),
    ])
  },
  passport: (r, put) => {
    const value = put(
      'passport',
      r.pick([r.fill('#########'), r.fill('A########'), r.fill('AA#######'), r.fill('##AA#####')]),
    )
    return r.maybe(0.3)
      ? JSON.stringify({ [r.pick(KEYS.passport)]: value, nationality: 'X' })
      : said(r, language(r).words, 'passport', value)
  },
  bank_account: (r, put) => {
    const value = put('bank_account', account(r))
    return r.pick([
      () => JSON.stringify({ [r.pick(KEYS.account)]: value, currency: 'USD' }),
      () => said(r, language(r).words, 'account', value),
      () => `Please wire it to account number ${value} at First Bank.`,
      () => `Sort code: 20-00-00 Account number: ${value}`,
    ])()
  },
  driving_licence: (r, put) => {
    const value = put(
      'driving_licence',
      r.pick([r.fill('A#######'), r.fill('A############'), r.fill('#########'), r.fill('AAAAA######AA#AA')]),
    )
    return r.pick([
      () =>
        nextTo(
          r,
          r.pick([
            "Driver's license number",
            'Driving licence',
            'driver license no.',
            'DL number',
            'Führerscheinnummer',
            'permis de conduire n°',
            'Carnet de conducir',
          ]),
          value,
        ),
      () => JSON.stringify({ [r.pick(KEYS.licence)]: value, state: 'CA' }),
    ])()
  },
  ...Object.fromEntries(
    Object.entries(national).map(([type, { words, make }]) => [
      `national_${type}`,
      /** @param {Random} r @param {Put} put */ (r, put) => nextTo(r, r.pick(words), put(`national_${type}`, make(r))),
    ]),
  ),
  document_jp: (r, put) => {
    const { type, word, value } = document(r)
    const marked = put(type, value)
    return r.pick([`${word}：${marked}`, `${word} ${marked}`, `${word}は${marked}です。`, `【${word}】${marked}`, `| ${word} | ${marked} |`, JSON.stringify({ [word]: marked }), `${word}（${marked}）を確認しました。`]) // biome-ignore format: a list
  },
}
