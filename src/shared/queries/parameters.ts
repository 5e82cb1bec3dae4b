// Values for the parameters of a query: checked by type, and written so that a value can never be anything but one value.
import type { Language, Parameter, ParameterType } from './query'

interface Rule {
  readonly allowed: RegExp
  readonly example: string
  write(value: string, language: Language): string
}

const asIs = (value: string) => value

/** Names with dots, as attributes have them: no quotes, no blanks. */
const name = '[A-Za-z_][A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_-]+)*'

const rules: Record<ParameterType, Rule> = {
  text: { allowed: /^(?!.*\p{Surrogate}).*$/su, example: 'gpt-5-mini', write: quoted },
  regex: { allowed: /^(?!.*\p{Surrogate}).+$/su, example: 'gpt-5.*', write: quoted },
  int: { allowed: /^\d{1,15}$/, example: '100', write: asIs },
  // TraceQL never compares a float with an int: 1 would find nothing
  float: {
    allowed: /^\d{1,15}(?:\.\d{1,15})?$/,
    example: '0.5',
    write: (value, language) => (language === 'traceql' && !value.includes('.') ? `${value}.0` : value),
  },
  duration: { allowed: /^\d{1,9}(?:ms|s|m|h)$/, example: '2s', write: asIs },
  attribute: {
    allowed: new RegExp(`^(?:(?:span|resource|event)\\.${name}|name|status|kind|rootName|rootServiceName)$`),
    example: 'span.user.id',
    write: asIs,
  },
  label: { allowed: /^[A-Za-z_][A-Za-z0-9_]*$/, example: 'gen_ai_request_model', write: asIs },
}

export const parameterTypes = Object.keys(rules) as ParameterType[]

export function isParameterType(word: string): word is ParameterType {
  return Object.hasOwn(rules, word)
}

/** @returns what is wrong with the value, or undefined */
export function checkValue({ name, type }: Parameter, language: Language, value: string): string | undefined {
  const { allowed, example } = rules[type]
  const fits = type === 'attribute' ? language === 'traceql' : type !== 'label' || language === 'promql'
  if (!fits) return `$${name} has type ${type}, which ${language} does not support`
  if (allowed.test(value)) return undefined
  return `$${name} has type ${type}, such as ${example}; invalid value ${JSON.stringify(value)}`
}

/** The value as it stands in the query. It has been checked. */
export function literal({ type }: Parameter, language: Language, value: string): string {
  return rules[type].write(value, language)
}

/**
 * A string of the language. Both take Go's: backticks have no escapes, and are used where they can be, since the grammar
 * that Grafana highlights with knows no others. What JSON writes between double quotes means the same in Go, but for
 * lone surrogates, which are refused before.
 */
function quoted(value: string): string {
  if (!/["\\\p{Cc}]/u.test(value)) return `"${value}"`
  if (!/[`\p{Cc}]/u.test(value)) return `\`${value}\``
  return JSON.stringify(value)
}
