// Names and addresses that a key, a label or a phrase tells, in every language of the corpus. Two sets; called by
// generate.mjs.
import { ADDRESS_LANGUAGES, address } from '../values/addresses.mjs'
import { addressJapan } from '../values/japan.mjs'
import { person, surname } from '../values/names.mjs'
import { keyed } from './containers.mjs'
import { LANGUAGES, language, said } from './languages.mjs'

/** @typedef {import('../random.mjs').Random} Random */
/** @typedef {import('../generate.mjs').Put} Put */

const KEYS = ['name', 'full_name', 'fullName', 'customerName', 'customer_name', 'first_and_last_name', 'contactName', 'patientName', 'cardholder', 'account_holder', 'displayName', 'recipient_name', 'assignee_name', 'userName', 'employee.name', 'billing_name'] // biome-ignore format: a list
const PLACES = [
  'address',
  'shippingAddress',
  'street_address',
  'billing_address',
  'homeAddress',
  'address_line_1',
  'addr',
]

/** By form: a text with a name. @type {Record<string, (r: Random, put: Put) => string>} */
// biome-ignore format: a table
export const names = {
  key: (r, put) => {
    const { code } = language(r)
    return r.pick(keyed)(r, r.pick(KEYS.slice(1)), put('name', person(r, code)))
  },
  person_object: (r, put) => {
    const { code } = language(r)
    return JSON.stringify({ id: r.int(1, 999), name: put('name', person(r, code)), email: 'none', phone: null, role: 'customer' })
  },
  parts: (r, put) => {
    const { code } = language(r)
    return JSON.stringify({ firstName: put('name', person(r, code).split(/[ ,　]/)[0] ?? ''), lastName: put('name', surname(r, code)) })
  },
  said: (r, put) => {
    const { code, words } = language(r)
    return said(r, words, 'name', put('name', person(r, code)))
  },
  said_more: (r, put) => {
    const { code, words } = language(r)
    return `${said(r, words, 'name', put('name', person(r, code)))}\n${r.pick(['Ticket: 4821', 'Status: open', 'Plan: pro'])}`
  },
  japanese: (r, put) => r.pick([`氏名：${put('name', person(r, 'ja'))}`, `お名前: ${put('name', person(r, 'ja'))}`, `担当：${put('name', person(r, 'ja'))}`, `${put('name', person(r, 'ja'))}様、お世話になっております。`, `私の名前は${put('name', person(r, 'ja'))}です。`, `${put('name', person(r, 'ja'))}と申します。`, `ご契約者：${put('name', person(r, 'ja'))}`, `送信者: ${put('name', surname(r, 'ja'))}さん`]), // biome-ignore format: a list
  mail: (r, put) => {
    const { code } = language(r)
    return r.pick([`From: ${put('name', person(r, code))} <noreply@localhost>\nSubject: Re: invoice`, `Dear ${put('name', person(r, 'en'))},\n\nthank you.`, `Kind regards,\n${put('name', person(r, code))}\nSenior Engineer`, `On Mon, 3 Mar 2026, ${put('name', person(r, 'en'))} wrote:\n> ok`, `Signed-off-by: ${put('name', person(r, code))} <noreply@localhost>`])
  },
}

/** By form: a text with an address. @type {Record<string, (r: Random, put: Put) => string>} */
// biome-ignore format: a table
export const addresses = {
  key: (r, put) => r.pick(keyed)(r, r.pick(PLACES), put('address', address(r, r.pick(ADDRESS_LANGUAGES)))),
  said: (r, put) => {
    const code = r.pick(ADDRESS_LANGUAGES)
    return said(r, LANGUAGES[code] ?? language(r).words, 'address', put('address', address(r, code)))
  },
  japanese: (r, put) => r.pick([`住所：${put('address', addressJapan(r))}`, `お届け先は${put('address', addressJapan(r))}です。`, `${put('address', addressJapan(r))}に住んでいます。`])
}
