/**
 * The word that says a value is secret, where the key is not right before the operator: `let password: string = "…"`,
 * `API key (production): …`, `{"name": "DB_PASSWORD", "value": "…"}`. Called by `assignment`.
 */
import { codeAt } from '../chars'
import { type SecretWord, secretWordAt } from '../secret-words'

const EQUALS = 61
/** A type between the name and `=`. */
const TYPED = /[ :]{1,3}(?:string|str|text|String\??)$/
/** A remark in brackets between the name and the colon. */
const REMARK = / ?[(（][^()（）\n"]{1,24}[)）]$/
/** The name in one field, its value in the next: environments of containers, `<add key="…" value="…"/>`, forms. */
const SIBLING =
  /\b(?:name|key|id|field|label|variable|env)\\{0,8}["']?[ \t]{0,2}[:=][ \t]{0,2}\\{0,8}["']?([\w.:-]{2,60})\\{0,8}["']?(?:,|;|\\n|[ \t\n]){1,20}(?:- )?\\{0,8}["']?value$/i
const LONGEST = 120

/** @param end where the key before the operator ends, without its quotes */
export function wordBefore(text: string, end: number, operator: number): SecretWord | undefined {
  const word = secretWordAt(text, end)
  if (word) return word
  const last = codeAt(text, end - 1)
  if (last === 101 || last === 69) return siblingOf(text, end)
  if (operator === EQUALS && (last === 103 || last === 114 || last === 116 || last === 63))
    return beyond(text, end, TYPED)
  return last === 41 || last === 0xff09 ? beyond(text, end, REMARK) : undefined
}

function beyond(text: string, end: number, what: RegExp): SecretWord | undefined {
  const found = what.exec(text.slice(Math.max(0, end - 32), end))
  return found ? secretWordAt(text, end - found[0].length) : undefined
}

function siblingOf(text: string, end: number): SecretWord | undefined {
  if ((codeAt(text, end - 2) | 32) !== 117 || (codeAt(text, end - 5) | 32) !== 118) return undefined
  const name = SIBLING.exec(text.slice(Math.max(0, end - LONGEST), end))?.[1]
  const word = name && secretWordAt(name, name.length)
  return word ? { value: word.value, start: end - 5 } : undefined
}
