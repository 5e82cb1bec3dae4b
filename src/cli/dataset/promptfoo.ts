// Cases as tests of promptfoo, https://www.promptfoo.dev/docs/configuration/reference/#test-case: what `tests: file://cases.json` reads.
//
// promptfoo fills in templates (Nunjucks) in variables and in the values of assertions, and a value that begins with `file://` is a file
// that it reads or runs. What people wrote to a model must be neither.
import { textOf } from '../../app/evaluate/describe-call'
import type { Message, Part } from '../../app/llm/messages'
import { text } from '../../app/llm/wire/json'
import type { DatasetCase } from './case'

interface TestCase {
  readonly description: string
  readonly vars: { readonly messages: string }
  readonly assert?: readonly { readonly type: 'factuality'; readonly value: string }[]
  readonly options: { readonly disableVarExpansion: true }
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Characters of a description. */
const LONGEST = 80

export function testOf(one: DatasetCase): TestCase {
  const { id, provider, model, parameters, tools, expected, expectedFrom, scores, provenance } = one
  const question = one.messages.findLast(({ role }) => role === 'user')
  const words = Array.from(textOf(question?.parts ?? []).replace(/\s+/g, ' '))
  return {
    description: asText(`${words.slice(0, LONGEST).join('')}${words.length > LONGEST ? '…' : ''}` || id),
    vars: { messages: asJson(chatOf(one)) },
    ...(expected !== null && { assert: [{ type: 'factuality', value: asText(expected) }] }),
    options: { disableVarExpansion: true },
    metadata: { id, provider, model, parameters, tools, expectedFrom, scores, ...provenance },
  }
}

/** A brace at which a template or a comment would begin, or a comment would end. */
const BRACE = /\{(?=[{%#])|(?<=#)\}/g

/** As JSON that no template stands in: in it such a brace is in a string. */
const asJson = (value: unknown): string =>
  JSON.stringify(value).replace(BRACE, brace => (brace === '{' ? '\\u007b' : '\\u007d'))

/** A text that a template gives as it is. */
function asText(value: string): string {
  const escaped = value.replace(BRACE, '{{ "$&" }}')
  return /^[a-z]+:/i.test(escaped) ? `{##}${escaped}` : escaped
}

/** As OpenAI's chat has it, which promptfoo's providers take as a prompt. */
function chatOf({ system, messages }: DatasetCase): object[] {
  const instructions = textOf(system)
  return [
    ...(instructions === '' ? [] : [{ role: 'system', content: instructions }]),
    ...messages.flatMap(chatMessages),
  ]
}

function chatMessages({ role, parts }: Message): object[] {
  const results = parts.filter(({ type }) => type === 'tool_call_response')
  const calls = parts.filter(({ type }) => type === 'tool_call')
  const others = parts.filter(part => ![...results, ...calls].includes(part)).map(contentOf)
  const said = others.length > 0 || calls.length > 0
  return [
    ...results.map(({ id, response, result }) => ({
      role: 'tool',
      tool_call_id: id,
      content: asString(response ?? result),
    })),
    ...(said ? [{ role, content: others.join('\n'), ...(calls.length > 0 && { tool_calls: calls.map(callOf) }) }] : []),
  ]
}

/** Of media only what is known of them stands in a trace. */
const contentOf = (part: Part): string => text(part.content) ?? JSON.stringify(part)

const callOf = ({ id, name, arguments: args }: Part) => ({
  id,
  type: 'function',
  function: { name, arguments: asString(args) },
})

const asString = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
