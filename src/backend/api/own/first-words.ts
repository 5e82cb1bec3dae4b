// Returns the beginning of a message for lists. Messages are JSON as in the GenAI conventions: `[{role, parts: [{type, content}]}]`.
import { type Doc, docs, parsed, text } from '../../../app/llm/wire/json'

const most = 200

/**
 * @param messages the attribute's value; truncated JSON counts as plain text
 * @param role the last message of this role that has text counts
 */
export function firstWords(messages: string | null, role: string): string | null {
  if (messages === null) return null
  const json = parsed(messages)
  const said = Array.isArray(json) ? spoken(docs(json), role) : messages
  const words = said.replace(/\s+/g, ' ').trim()
  if (words === '') return null
  const characters = Array.from(words.slice(0, 2 * most))
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : words.slice(0, 2 * most)
}

function spoken(messages: readonly Doc[], role: string): string {
  const texts = messages.filter(message => message.role === role).map(textOf)
  return texts.findLast(Boolean) ?? messages.map(textOf).findLast(Boolean) ?? ''
}

const textOf = ({ parts, content }: Doc): string =>
  text(content) ??
  docs(parts)
    .flatMap(part => (part.type === 'text' ? (text(part.content) ?? []) : []))
    .join(' ')
