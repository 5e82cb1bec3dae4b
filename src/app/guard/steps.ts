// The steps of an agent, as messages tell them.
import { createHash } from 'node:crypto'
import { sortedJson } from '../../shared/sorted-json'
import type { Message, Part } from '../llm/messages'
import { cutOf } from '../llm/wire/cut-string'

/** What the model asked for, and all that it was told then, up to its next word. */
export interface Step {
  readonly said: readonly Part[]
  readonly told: readonly Part[]
}

/** Messages of the model that follow each other are one step, and calls of tools at once are, too. */
export function stepsOf(messages: readonly Message[]): Step[] {
  const steps: { said: Part[]; told: Part[] }[] = []
  let last: Message | undefined
  for (const message of messages) {
    const step = steps.at(-1)
    const isModels = message.role === 'assistant'
    if (isModels && last?.role === 'assistant') step?.said.push(...message.parts)
    else if (isModels) steps.push({ said: [...message.parts], told: [] })
    else step?.told.push(...message.parts)
    last = message
  }
  return steps
}

export const toolsOf = ({ said }: Step): string[] => said.filter(isCall).map(({ name }) => String(name))

/** Two steps with the same key did the same and had the same of it. Undefined where that can't be told, or is no matter of a loop. */
export function keyOf(step: Step): string | undefined {
  const { said, told } = step
  if (told.length === 0 || said.some(isServerCall) || told.some(isUnread)) return undefined
  const calls = said.filter(isCall)
  return calls.length > 0 ? keyOfCalls(calls, told) : keyOfText(said, told)
}

/** What the model says beside its calls is left out: it may excuse itself in ever new words. */
function keyOfCalls(calls: readonly Part[], told: readonly Part[]): string | undefined {
  const rest = [...told]
  const done: string[] = []
  for (const { id, name, arguments: args } of calls) {
    const at = rest.findIndex(part => part.type === 'tool_call_response' && (part.id === id || part.id === name))
    const [result] = at < 0 ? [] : rest.splice(at, 1)
    // what has no result yet can't have had the same one
    if (!result || isUnreadResult(result.response)) return undefined
    done.push(sortedJson([name, args, result.response]))
  }
  // a result of no call: what it is of is not known
  if (rest.some(({ type }) => type === 'tool_call_response')) return undefined
  return digest([done.sort(), rest])
}

/**
 * How a framework begins to say that it could not use an answer. Without such a word, the same words of both sides are a conversation:
 * a scheduler asks each hour, and nothing is new.
 */
const ERROR =
  /^\W*(?:(?:\d+|observation|validation|parsing|output|the|your|tool)\W+){0,3}(?:(?:\w*error|\w*exception|invalid|could not|failed|failure)\b|エラー)/iu

function keyOfText(said: readonly Part[], told: readonly Part[]): string | undefined {
  const texts = said.filter(({ type }) => type === 'text')
  const isRefused = told.some(({ type, content }) => type === 'text' && ERROR.test(String(content).slice(0, 256)))
  return texts.length > 0 && isRefused ? digest([texts, told]) : undefined
}

/** The same for equal values, and as short for long ones. */
export const digest = (value: unknown): string => createHash('sha256').update(sortedJson(value)).digest('base64url')

const isCall = ({ type }: Part) => type === 'tool_call'
/** The provider ran it, and what came of it is not read. */
const isServerCall = ({ type }: Part) => type.startsWith('server_tool_call')
/** Only its type is known, or media without a digest: two of these may differ. */
const isUnread = (part: Part | undefined) =>
  part === undefined ||
  part.type === 'generic' ||
  (part.type === 'blob' && part.digest === undefined) ||
  isCut(part.content)
const isUnreadResult = (response: unknown) => isCut(response) || (Array.isArray(response) && response.some(isUnread))
/** Its end is not known, nor a digest of all of it. */
const isCut = (text: unknown) => {
  const cut = typeof text === 'string' ? cutOf(text) : undefined
  return cut !== undefined && cut.digest === undefined
}
