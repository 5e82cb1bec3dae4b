/** Whether a person stands around a bare `name`: most values under that key are the name of a tool, a model, a field. */
import { ending, endingAt, textAround } from '../../scan/pieces'

const PERSONAL_KEY =
  /(?:e-?mail|phone|tel|mobile|address|birth(?:day|_?date)?|dob|gender|\bage|ssn|(?:first|last|full)_?name|surname|メール(?:アドレス)?|電話(?:番号)?|住所|生年月日|性別|年齢)[\\"']{0,40}\s{0,2}[:=：]/i

/** `"customer": {"id": 3, "name": "…"`, `"customers": [{"name": "…"`: the object is a person's; in YAML, XML and code too. */
const PERSON_AROUND = ending(
  /(?:customer|client|patient|employee|guest|passenger|contact|recipient|sender|receiver|buyer|applicant|candidate|student|person|people|owner|assignee|user|member|attendee|participant|manager|doctor|physician|driver|teacher|reporter|requester|billing|shipping|(?:bill|ship)_?to|holder|payer|payee|beneficiary|tenant|traveler|subscriber|spouse|signer|顧客|患者|担当者|お客様|利用者|会員|社員|従業員|参加者)s?(?:[\\"']{0,40}\s{0,2}[:=]\s{0,2}(?:\{[^{}]{0,80}|\[[^[\]]{0,200}|\n\s{1,12}[\w-]{0,12})|\([^()]{0,80}|>\s{0,8}<\w{0,12})/i,
)

/** How far a bare `name` looks for keys that stand beside a person's name. */
const NEIGHBOURHOOD = 300

/** True when the separator at `at` is in a person's object, or beside an e-mail address, a phone number and the like. */
export function isPersonNear(text: string, at: number): boolean {
  return isPersonAround(text, at) || isPersonalKeyNear(text, at)
}

export function isPersonAround(text: string, at: number): boolean {
  return endingAt(PERSON_AROUND, text, at) !== null
}

export function isPersonalKeyNear(text: string, at: number): boolean {
  return PERSONAL_KEY.test(textAround(text, at, NEIGHBOURHOOD))
}
