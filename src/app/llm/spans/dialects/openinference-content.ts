// Converts OpenInference's messages, documents and arguments to the GenAI conventions.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
} from '../../../../../semconv'
import { inputAttributes, outputAttributes } from '../../content'
import { type Message, media, otherPart, type Part, textPart, toolCall } from '../../messages'
import { messages } from '../../providers/openai/content'
import { type Doc, doc, docs, parsed, text } from '../../wire/json'
import type { LlmSpan } from '../span'
import { members, tree } from './tree'

export function content({ attributes }: LlmSpan): Attributes {
  const input = text(attributes['input.value'])
  const output = text(attributes['output.value'])
  switch (attributes['openinference.span.kind']) {
    case 'TOOL':
      return {
        [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: input ?? text(attributes['tool.parameters']),
        [ATTR_GEN_AI_TOOL_CALL_RESULT]: output,
      }
    case 'RETRIEVER':
      return { [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: input, [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: documents(attributes) }
    case 'LLM':
    case 'AGENT': {
      const prompt = said(attributes, 'llm.input_messages') ?? written(input, 'user')
      const answered = said(attributes, 'llm.output_messages') ?? written(output, 'assistant')
      return { ...inputAttributes({ messages: prompt, tools: tools(attributes) }), ...outputAttributes(answered) }
    }
    default:
      return {}
  }
}

function said(attributes: Readonly<Attributes>, prefix: string): Message[] | undefined {
  const found = members(tree(attributes, prefix)).flatMap(entry => docs([entry.message]))
  return found.length > 0 ? found.map(message) : undefined
}

function message(said: Doc): Message {
  const role = text(said.role) ?? 'user'
  if (role === 'tool') {
    const response = text(said.content) ?? parts(said)
    return { role, parts: [{ type: 'tool_call_response', id: said.tool_call_id ?? said.name, response }] }
  }
  return { role, parts: [...parts(said), ...calls(said)] }
}

function parts(said: Doc): Part[] {
  const plain = text(said.content)
  if (plain) return [textPart(plain)]
  return members(said.contents).flatMap(entry => {
    const part = doc(entry.message_content) ?? {}
    const url = text(doc(doc(part.image)?.image)?.url) ?? text(doc(doc(part.audio)?.audio)?.url)
    if (url) return media(url, String(part.type))
    const written = text(part.text)
    if (part.type === 'reasoning') return { type: 'reasoning', content: written }
    return written === undefined ? otherPart(part.type) : textPart(written)
  })
}

function calls(said: Doc): Part[] {
  const found = members(said.tool_calls).flatMap(entry => {
    const call = doc(entry.tool_call)
    const called = doc(call?.function)
    return call ? toolCall(call.id, called?.name, called?.arguments) : []
  })
  const old = text(said.function_call_name)
  return old ? [...found, toolCall(undefined, old, said.function_call_arguments_json)] : found
}

/** The span's input or output if it has no list of messages: the body of a request, or a text. */
function written(value: string | undefined, role: string): Message[] {
  if (value === undefined) return []
  const json = parsed(value)
  const found = messages(docs(doc(json)?.messages ?? json).filter(entry => typeof entry.role === 'string'))
  return found.length > 0 ? found : [{ role, parts: [textPart(value)] }]
}

function tools(attributes: Readonly<Attributes>): unknown[] {
  return members(tree(attributes, 'llm.tools')).flatMap(entry => {
    const schema = doc(parsed(text(doc(entry.tool)?.json_schema) ?? ''))
    const inner = doc(schema?.function)
    return inner ? { type: 'function', ...inner } : (schema ?? [])
  })
}

function documents(attributes: Readonly<Attributes>): string | undefined {
  const found = members(tree(attributes, 'retrieval.documents')).flatMap(entry => {
    const { id, content, score, metadata } = doc(entry.document) ?? {}
    return { id, score, content, metadata: parsed(text(metadata) ?? '') }
  })
  return found.length > 0 ? JSON.stringify(found) : undefined
}
