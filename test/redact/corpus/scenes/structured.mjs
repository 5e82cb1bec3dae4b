// E-mail, phone, card, IBAN, IP, MAC, SSN, My Number and postal code, in prose of nineteen languages, in logs, requests,
// tables and code. One set of the corpus; called by generate.mjs.

import { email, phoneAmerica, phoneInternational, phoneJapan, phoneNational } from '../values/contact.mjs'
import { card, iban, wallet } from '../values/financial.mjs'
import { myNumber, postalWithPrefecture } from '../values/japan.mjs'
import { ssn } from '../values/national.mjs'
import { ipv4, ipv6, mac } from '../values/network.mjs'
import { bare, keyed, tabled } from './containers.mjs'
import { LANGUAGES, language, said } from './languages.mjs'
import { spelled, WORDS } from './variants.mjs'

/** @typedef {import('../random.mjs').Random} Random */
/** @typedef {import('../generate.mjs').Put} Put */

/** A value in another spelling now and then. */
const HARD = 0.1

// biome-ignore format: a table
const KEYS = {
  email: ['email', 'user_email', 'emailAddress', 'contact.email', 'to', 'username', 'login'],
  phone: ['phone', 'phoneNumber', 'phone_number', 'mobile', 'tel', 'contactPhone'],
  card: ['card', 'cardNumber', 'card_number', 'pan', 'payment_method'],
  iban: ['iban', 'bankAccount', 'account', 'IBAN'],
  ip: ['ip', 'client_ip', 'remote_addr', 'X-Forwarded-For', 'clientIp', 'src'],
  mac: ['mac', 'mac_address', 'hwaddr', 'device_mac'],
  wallet: ['wallet', 'address', 'btc_address', 'payoutAddress', 'to'],
  ssn: ['ssn', 'social_security_number', 'SSN', 'taxId'],
  my_number: ['my_number', 'myNumber', '個人番号', 'マイナンバー'],
  postal_code: ['postal_code', 'zip', '郵便番号', 'postalCode'],
}

/** @param {Random} r @param {readonly string[]} keys @param {string} value */
const inField = (r, keys, value) => r.pick([...keyed, ...tabled])(r, r.pick(keys), value)
/** @param {Random} r @param {string} value */
const alone = (r, value) => r.pick(bare)(r, value)

/** By type: a text with it. @type {Record<string, (r: Random, put: Put) => string>} */
export const structured = {
  email: (r, put) => {
    const value = put('email', spelled(r, email(r), HARD, WORDS))
    return r.pick([
      () => alone(r, value),
      () => inField(r, KEYS.email, value),
      () => said(r, language(r).words, 'email', value),
      () => `From: "Billing" <${value}>\nSubject: invoice 88`,
      () => `<a href="mailto:${value}">write</a>`,
      () => `git commit --author="x <${value}>"`,
    ])()
  },
  phone: (r, put) => {
    const value = put('phone', spelled(r, phoneInternational(r), HARD))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.phone, value), () => said(r, language(r).words, 'phone', value), () => `<a href="tel:${value}">call</a>`])() // biome-ignore format: a list
  },
  phone_national: (r, put) => {
    const { code, words } = language(r)
    const value = put('phone_national', spelled(r, phoneNational(r, code), HARD / 2))
    return r.maybe(0.3) ? r.pick(keyed)(r, r.pick(KEYS.phone), value) : said(r, words, 'phone', value)
  },
  phone_jp: (r, put) => {
    const value = put('phone_jp', spelled(r, phoneJapan(r), HARD))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.phone, value), () => `${r.pick(['電話', 'TEL', '連絡先', '携帯', 'お電話番号'])}：${value}`, () => `折り返しは${value}までお願いします。`, () => `${value}に電話しましたが、つながりませんでした。`])() // biome-ignore format: a list
  },
  phone_us: (r, put) => {
    const value = put('phone_us', spelled(r, phoneAmerica(r), HARD))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.phone, value), () => said(r, LANGUAGES.en ?? language(r).words, 'phone', value)])() // biome-ignore format: a list
  },
  card: (r, put) => {
    const value = put('card', spelled(r, card(r), HARD))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.card, value), () => said(r, language(r).words, 'card', value), () => `card ${value} exp 0${r.int(1, 9)}/2${r.int(7, 9)} declined (code 51)`])() // biome-ignore format: a list
  },
  iban: (r, put) => {
    const value = put('iban', spelled(r, iban(r), HARD))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.iban, value), () => said(r, language(r).words, 'iban', value)])() // biome-ignore format: a list
  },
  ipv4: (r, put) => {
    const value = put('ipv4', ipv4(r))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.ip, value), () => `${value} - - [24/Nov/2026:10:${r.digits(2)}:01 +0000] "GET / HTTP/1.1" 200 ${r.int(100, 9999)} "-" "curl/8.5.0"`, () => `X-Forwarded-For: ${value}, 10.0.${r.int(1, 9)}.1`, () => `sshd[${r.int(100, 9999)}]: Accepted publickey for deploy from ${value} port ${r.int(30000, 60000)} ssh2`, () => `connect ETIMEDOUT ${value}:443`, () => `http://${value}:8080/health`])() // biome-ignore format: a list
  },
  ipv6: (r, put) => {
    const value = put('ipv6', ipv6(r))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.ip, value), () => `http://[${value}]:8080/`, () => `client ${value} connected`])() // biome-ignore format: a list
  },
  mac: (r, put) => {
    const value = put('mac', mac(r))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.mac, value), () => `link/ether ${value} brd ff:ff:ff:ff:ff:ff`, () => `DHCPACK on 10.0.0.5 to ${value} via eth0`])() // biome-ignore format: a list
  },
  wallet: (r, put) => {
    const value = put('wallet', spelled(r, wallet(r), HARD))
    return r.pick([() => alone(r, value), () => inField(r, KEYS.wallet, value), () => `bitcoin:${value}?amount=0.${r.digits(4)}&label=invoice`, () => `Please send the refund to ${value}.`, () => `payout of 0.${r.digits(4)} BTC to ${value} confirmed`, () => `https://explorer.example.com/address/${value}`])() // biome-ignore format: a list
  },
  ssn: (r, put) => {
    const digits = ssn(r)
    const bareForm = () => alone(r, put('ssn', spelled(r, digits, HARD)))
    return r.pick([bareForm, () => inField(r, KEYS.ssn, put('ssn', digits)), () => `${r.pick(['SSN', 'Social Security Number', 'social security no.'])}${r.pick([': ', ' ', ' is '])}${put('ssn', r.pick([digits, digits, digits.replaceAll('-', ''), digits.replaceAll('-', ' ')]))}`])() // biome-ignore format: a list
  },
  my_number: (r, put) => {
    const value = put('my_number', spelled(r, myNumber(r), HARD))
    return r.pick([() => `マイナンバー：${value}`, () => `個人番号は${value}です。`, () => `私のマイナンバーは ${value} になります`, () => `【個人番号】${value}`, () => `My Number: ${value}`, () => json(r, value)])() // biome-ignore format: a list
  },
  postal_code: (r, put) => {
    const { code, prefecture } = postalWithPrefecture(r)
    const value = put('postal_code', spelled(r, code, HARD))
    return r.pick([() => `〒${value}`, () => `〒 ${value} ${prefecture}`, () => `郵便番号：${value}`, () => `郵便番号は${value}です`, () => json(r, value, KEYS.postal_code), () => `${value} ${prefecture}`])() // biome-ignore format: a list
  },
}

/** @param {Random} r @param {string} value */
function json(r, value, keys = KEYS.my_number) {
  return JSON.stringify({ id: r.int(1, 999), [r.pick(keys)]: value })
}
