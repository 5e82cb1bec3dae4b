/**
 * The word that says a value is secret, where the key is not right before the operator: `let password: string = "…"`, `API
 * key (production): …`, `{"name": "DB_PASSWORD", "value": "…"}`.
 */
import { BETWEEN, codeAt, is, JOINT } from '../../../scan/chars'
import { ending, endingAt } from '../../../scan/pieces'
import { spend } from '../../../scan/work'
import { type SecretWord, secretWordAt } from '../../../words/secret-words'

const EQUALS = 61
/** A type or the accessors of a property between the name and `=`. */
const TYPED = ending(
  /(?: As String|[ :]{1,3}(?:&(?:'[a-z]{1,16} )?)?(?:string|str|text|String\??)| ?\{ ?get;(?: ?(?:private |protected )?(?:set|init);)? ?\})/,
)
/** A remark in brackets between the name and the colon. */
const REMARK = ending(/ ?[(（][^()（）\n"]{1,24}[)）]/)
/**
 * The name in one field, its value in the next: environments of containers, `<add key="…" value="…"/>`, forms, `<meta>`;
 * a variable of Terraform and its default.
 */
const SIBLING = ending(
  /\b(?:name|key|id|field|label|variable|env|property)\\{0,8}["']?[ \t]{0,2}[:=][ \t]{0,2}\\{0,8}["']?([\w.:-]{2,60})\\{0,8}["']?(?:,|;|\\n|[ \t\n]){1,20}(?:- )?\\{0,8}["']?(?:value|content)|\bvariable "([\w-]{2,60})" ?\{[^{}"]{0,80}\sdefault/i,
)
const LONGEST_BETWEEN = 80
/** The value first, then its name. */
const BEHIND =
  /[:=]\s{0,2}\\{0,8}["'][^"'\n]{1,300}["'],?\s{0,20}\\{0,8}["']?(?:name|key)\\{0,8}["']?\s?[:=]\s?\\{0,8}["']([\w.:-]{2,60})\\{0,8}["']/iy
const NAMES = ending(/value|content|default/i)

/** @param end where the key before the operator at index `operator` ends, without its quotes */
export function wordBefore(text: string, end: number, operator: number): SecretWord | undefined {
  const word = secretWordAt(text, end)
  if (word) return word
  const last = codeAt(text, end - 1)
  if (last === 101 || last === 69 || last === 116) {
    const sibling = siblingOf(text, end, operator)
    if (sibling || last !== 116) return sibling
  }
  if (codeAt(text, operator) !== EQUALS) return last === 41 || last === 0xff09 ? beyond(text, end, REMARK) : undefined
  // string, str, text, String?, or a bracket: most keys before `=` end otherwise
  const mayBeType = last === 63 || last === 125 || 'ng tr xt'.includes(text.slice(end - 2, end))
  return mayBeType ? beyond(text, end, TYPED) : undefined
}

function beyond(text: string, end: number, what: RegExp): SecretWord | undefined {
  const found = endingAt(what, text, end)?.[1]
  return found ? secretWordAt(text, end - found.length) : undefined
}

function siblingOf(text: string, end: number, operator: number): SecretWord | undefined {
  // valUe, conteNt, defauLt: most keys end here
  const before = codeAt(text, end - 2) | 32
  if (before !== 117 && before !== 110 && before !== 108) return undefined
  const word = endingAt(NAMES, text, end)?.[1]?.toLowerCase()
  if (!word) return undefined
  spend(5)
  const start = end - word.length
  const isNamed = word === 'default' || secretWordAt(text, fieldEnd(text, start)) !== undefined
  const found = isNamed ? endingAt(SIBLING, text, end) : undefined
  BEHIND.lastIndex = operator
  const name = found ? (found[2] ?? found[3]) : word === 'value' ? BEHIND.exec(text)?.[1] : undefined
  const secret = name && secretWordAt(name, name.length)
  return secret ? { value: secret.value, start } : undefined
}

/** Where the value of the field before the one at `at` may end: `"content"` stands in every message, and behind no name. */
function fieldEnd(text: string, at: number): number {
  let end = at
  while (end > at - LONGEST_BETWEEN && (is(codeAt(text, end - 1), BETWEEN | JOINT) || text.startsWith('\\n', end - 2)))
    end--
  return end
}
