// Converts requests and answers of invocations to GenAI messages, in the format of each model.
import { type Message, textPart, toolCall } from '../../messages'
import { type Doc, docs, text } from '../../wire/json'
import * as anthropic from '../anthropic/content'
import * as openai from '../openai/content'
import type { Input } from '../protocol'
import * as converse from './content'
import type { TextAnswer } from './texts'

export function inputOf(from: Doc): Input {
  if (from.anthropic_version !== undefined) {
    return {
      messages: anthropic.messages(from.messages),
      system: anthropic.blocks(from.system),
      tools: anthropic.tools(from.tools),
    }
  }
  if (Array.isArray(from.messages)) {
    // Nova's blocks have no type; those of chat formats do.
    const blocks = docs(from.messages).flatMap(({ content }) => docs(content))
    if (blocks.length === 0 || blocks.some(({ type }) => type !== undefined)) {
      return { messages: openai.messages(from.messages), tools: openai.tools(from) }
    }
    return {
      messages: converse.messages(from.messages),
      system: converse.blocks(from.system),
      tools: converse.tools(from.toolConfig),
    }
  }
  if (typeof from.message === 'string') {
    const before = docs(from.chat_history).map(({ role, message }) =>
      said(role === 'CHATBOT' ? 'assistant' : 'user', message),
    )
    const system = text(from.preamble)
    return {
      messages: [...before, said('user', from.message)],
      ...(system && { system: [textPart(system)] }),
      tools: docs(from.tools),
    }
  }
  return { messages: [said('user', from.prompt ?? from.inputText)] }
}

/** Plain texts, and the tool calls that Command R returns next to its text. */
export function outputOf(answers: TextAnswer[], calls: unknown): Message[] {
  const tools = docs(calls).map(({ name, parameters }) => toolCall(undefined, name, parameters ?? {}))
  return answers.map(({ text }, i) => ({
    role: 'assistant',
    parts: [...(text === undefined ? [] : [textPart(text)]), ...(i === 0 ? tools : [])],
  }))
}

function said(role: string, words: unknown): Message {
  return { role, parts: [textPart(text(words) ?? '')] }
}
