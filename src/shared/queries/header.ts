// A file of collector/queries → a query. The header is what a person would write above the query, in the comments of its language:
//
//   // Title: Slow chats
//   // Question: Which LLM calls took the longest?
//   // Answer: traces
//   // Tiers: detailed, sampled
//   // Order: duration
//   // $model regex = .*: the model that was requested
//   // $over duration = 2s: only calls that took longer
//
// A parameter without `= default` is required. Order and Note may be absent.
import { checkValue, isParameterType, parameterTypes } from './parameters'
import type { Kind, Language, Parameter, Query, Tier } from './query'
import { builtIns, placesIn } from './substitute'

const commentOf: Record<Language, string> = { traceql: '//', promql: '#' }
const kinds: Record<Language, readonly Kind[]> = {
  traceql: ['traces', 'series', 'instant'],
  promql: ['series', 'instant'],
}
const tiers: Record<Language, readonly Tier[]> = {
  traceql: ['detailed', 'sampled', 'errors'],
  promql: ['high', 'medium', 'low'],
}
const fields = ['Title', 'Question', 'Answer', 'Tiers', 'Order', 'Note'] as const
type Field = (typeof fields)[number]

/**
 * @param file its name, such as `slow-chats.traceql`
 * @throws Error that names file and line when the header is not as it should be
 */
export function parseQuery(file: string, text: string): Query {
  const [, name, language] = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.(traceql|promql)$/.exec(file) ?? []
  if (!name || !isLanguage(language))
    throw new Error(`${file}: a query is called NAME.traceql or NAME.promql, NAME in small letters with hyphens`)
  const lines = text.split(/\r?\n/)
  const values = new Map<Field, string>()
  const parameters: Parameter[] = []
  // a file without a query ends with its last comment
  const end = [...lines, ''].findIndex(line => !line.startsWith(commentOf[language]))
  for (const [index, line] of lines.slice(0, end).entries()) {
    const fail = (why: string): never => {
      throw new Error(`${file}:${index + 1}: ${why}`)
    }
    const content = line.slice(commentOf[language].length).trim()
    if (content.startsWith('$')) parameters.push(parameterOf(content, language, fail))
    else {
      const [, key, value] = /^([A-Za-z]+): *(.+)$/.exec(content) ?? []
      const field = fields.find(known => known === key)
      if (!field || !value) return fail(`expected one of ${fields.join(', ')} or $parameter, not "${content}"`)
      if (values.has(field)) fail(`${field} is given twice`)
      values.set(field, value)
    }
  }
  const need = (field: Field) => {
    const value = values.get(field)
    if (!value) throw new Error(`${file}: its header has no "${field}: …"`)
    return value
  }
  const oneOf = <T extends string>(field: Field, word: string, allowed: readonly T[]): T => {
    const found = allowed.find(known => known === word)
    if (!found) throw new Error(`${file}: ${field} is "${word}"; it is one of ${allowed.join(', ')}`)
    return found
  }
  const query: Query = {
    name,
    language,
    title: need('Title'),
    question: need('Question'),
    kind: oneOf('Answer', need('Answer'), kinds[language]),
    tiers: need('Tiers')
      .split(/, */)
      .map(word => oneOf('Tiers', word, tiers[language])),
    parameters,
    order: values.get('Order'),
    note: values.get('Note'),
    body: lines.slice(end).join('\n').trim(),
  }
  checkPlaces(file, query)
  return query
}

function isLanguage(word: string | undefined): word is Language {
  return word === 'traceql' || word === 'promql'
}

function parameterOf(content: string, language: Language, fail: (why: string) => never): Parameter {
  const [, name, type, fallback, meaning] = /^\$([a-z][a-z0-9_]*) ([a-z]+)(?: = (.+?))?: (.+)$/.exec(content) ?? []
  if (!name || !type || !meaning) return fail(`expected "$name type = default: meaning", not "${content}"`)
  if (!isParameterType(type)) return fail(`$${name} has type "${type}"; there are ${parameterTypes.join(', ')}`)
  if (builtIns.includes(name)) return fail(`$${name} is filled in by the command; it is not declared`)
  const parameter = { name, type, fallback, meaning }
  const problem = fallback !== undefined && checkValue(parameter, language, fallback)
  return problem ? fail(problem) : parameter
}

/** What is declared is used, and what is used is declared. */
function checkPlaces(file: string, { body, language, parameters }: Query): void {
  if (!body) throw new Error(`${file}: there is no query below its header`)
  const names = parameters.map(({ name }) => name)
  const places = placesIn(body, language)
  const known = language === 'promql' ? [...names, ...builtIns] : names
  const unknown = places.find(name => !known.includes(name))
  if (unknown) throw new Error(`${file}: $${unknown} is used but not declared in the header`)
  const unused = names.find((name, index) => !places.includes(name) || names.indexOf(name) !== index)
  if (unused) throw new Error(`${file}: $${unused} is declared twice or not used`)
}
