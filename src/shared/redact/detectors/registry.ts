/**
 * The detectors: what each is called, for the status record, `afn-otel redact --explain` and the documentation, and what a question
 * to it costs at most. Beside the detectors, since a browser asks neither.
 */
import { locales } from '../locales'
import type { Detector } from '../scan/scanner'
import { dictatedPhone } from './contact/dictated-phone'
import { email } from './contact/email'
import { obfuscatedEmail } from './contact/obfuscated-email'
import { unusualEmail } from './contact/unusual-email'
import { bitcoin } from './finance/bitcoin'
import { ip6 } from './network/ip6'
import { japaneseName } from './person/japanese-name'
import { labelledField } from './person/labelled-field'
import { salutation } from './person/salutation'
import { japaneseAddress } from './place/japanese-address'
import { keywordPostalCode } from './place/keyword-postal-code'
import { street } from './place/street'
import { townAddress } from './place/town-address'
import { argument } from './secrets/commands/argument'
import { command } from './secrets/commands/command'
import { redis } from './secrets/commands/redis'
import { bearer } from './secrets/formats/bearer'
import { connection } from './secrets/formats/connection'
import { crypt } from './secrets/formats/crypt'
import { jwt } from './secrets/formats/jwt'
import { knownFormats } from './secrets/formats/known-formats'
import { pem } from './secrets/formats/pem'
import { prefixed } from './secrets/formats/prefixed'
import { putty } from './secrets/formats/putty'
import { url } from './secrets/formats/url'
import { webhook } from './secrets/formats/webhook'
import { assignment } from './secrets/key-values/assignment'
import { comparison } from './secrets/key-values/comparison'
import { element } from './secrets/key-values/element'
import { flag } from './secrets/key-values/flag'
import { manifest } from './secrets/key-values/manifest'
import { pair } from './secrets/key-values/pair'
import { keywordSecret } from './secrets/sentences/keyword-secret'
import { oneTimeCode } from './secrets/sentences/one-time-code'
import { recoveryCode, seedPhrase } from './secrets/sentences/recovery'
import { rejectedKey } from './secrets/sentences/rejected-key'

export interface Registered {
  /** One for each kind of what it finds. */
  readonly names: readonly string[]
  /** Units of work (`scan/work.ts`) of one question at most that settles nothing, in 1 KiB of any text. */
  readonly most: number
}

/** All but that of numbers, which is made of rules. */
const REGISTERED = new Map<Detector, Registered>([
  [dictatedPhone, { names: ['dictated phone'], most: 2 }],
  [email, { names: ['email'], most: 2 }],
  [obfuscatedEmail, { names: ['email'], most: 80 }],
  [unusualEmail, { names: ['email'], most: 45 }],
  [bitcoin, { names: ['wallet'], most: 15 }],
  [ip6, { names: ['ip', 'mac'], most: 2 }],
  [japaneseName, { names: ['japanese name'], most: 20 }],
  [labelledField, { names: ['name', 'address', 'postal code'], most: 200 }],
  [salutation, { names: ['introduced name'], most: 10 }],
  [japaneseAddress, { names: ['japanese address', 'japanese postal code'], most: 15 }],
  [keywordPostalCode, { names: ['postal code'], most: 5 }],
  [street, { names: ['street address'], most: 10 }],
  [townAddress, { names: ['address with its town'], most: 15 }],
  [argument, { names: ['secret by place'], most: 2 }],
  [command, { names: ['secret of a command'], most: 25 }],
  [redis, { names: ['redis password'], most: 5 }],
  [bearer, { names: ['bearer token', 'basic credentials'], most: 2 }],
  [connection, { names: ['password of a connection'], most: 20 }],
  [crypt, { names: ['password hash'], most: 2 }],
  [jwt, { names: ['jwt'], most: 2 }],
  [knownFormats, { names: ['provider key by shape'], most: 15 }],
  [pem, { names: ['private key'], most: 2 }],
  [prefixed, { names: ['provider key'], most: 2 }],
  [putty, { names: ['PuTTY key'], most: 2 }],
  [url, { names: ['url credentials'], most: 2 }],
  [webhook, { names: ['webhook'], most: 2 }],
  [assignment, { names: ['secret by key'], most: 110 }],
  [comparison, { names: ['secret in a comparison'], most: 2 }],
  [element, { names: ['secret element'], most: 30 }],
  [flag, { names: ['secret flag'], most: 5 }],
  [manifest, { names: ['Kubernetes secret'], most: 40 }],
  [pair, { names: ['password of a pair'], most: 25 }],
  [keywordSecret, { names: ['secret in a sentence'], most: 65 }],
  [oneTimeCode, { names: ['one-time code'], most: 15 }],
  [recoveryCode, { names: ['recovery code'], most: 25 }],
  [seedPhrase, { names: ['seed phrase'], most: 20 }],
  [rejectedKey, { names: ['rejected key'], most: 95 }],
])
const NUMBERS: Registered = {
  names: ['card', 'phone', 'national id', 'bank account', 'iban', 'date of birth', 'ip'],
  most: 100,
}

/** Undefined for one that does not say its bound, which `redactor.ts` does not take. */
export const registered = (detector: Detector): Registered | undefined =>
  REGISTERED.get(detector) ?? (detector === locales.numbers ? NUMBERS : undefined)
