// Reads a dataset: lines as `afn-otel dataset` writes them, or written by hand with an id and messages.
import { statSync } from 'node:fs'
import type { Message } from '../../app/llm/messages'
import { docs, list, text } from '../../app/llm/wire/json'
import { linesOf } from '../../shared/files/lines'
import type { DatasetCase } from '../dataset/case'

/** What an evaluation needs of a case. */
export type Case = Omit<DatasetCase, 'scores' | 'expectedFrom' | 'provenance'> &
  Partial<Pick<DatasetCase, 'expectedFrom' | 'provenance'>>

/**
 * @returns the cases in the order of the file
 * @throws Error that names each line that is none, the reason and the remedy
 */
export function readDataset(file: string): Case[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Error(`${file} is no file; write a dataset with: afn-otel dataset --query TRACEQL --out ${file}`)
  const problems: string[] = []
  const cases = new Map<string, Case>()
  let number = 0
  for (const { bytes } of linesOf(file)) {
    number++
    const line = bytes.toString().trim()
    if (line === '') continue
    const one = caseIn(line)
    if (typeof one === 'string') problems.push(`${file}:${number}: ${one}`)
    else if (cases.has(one.id))
      problems.push(`${file}:${number}: id ${one.id} stands there twice; remove one of the lines`)
    else cases.set(one.id, one)
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  if (cases.size === 0) throw new Error(`${file} has no case`)
  return [...cases.values()]
}

/** @returns what is wrong with it, in words */
function caseIn(line: string): Case | string {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch (error) {
    return `no JSON (${(error as Error).message}); give one object a line, as afn-otel dataset --format jsonl writes it`
  }
  const one = read as Partial<DatasetCase> | null
  if (!text(one?.id)) return 'id is missing; give each case a text of its own'
  const wrong = (['messages', 'output'] as const).find(
    name => (name === 'messages' || one![name] !== undefined) && !areMessages(one![name]),
  )
  if (wrong) return `${wrong} is no list of messages; each is {"role": …, "parts": [{"type": "text", "content": …}]}`
  if (one!.messages!.length === 0) return 'messages is empty; give what the model is asked'
  const { expected, parameters } = one!
  if (expected !== undefined && expected !== null && typeof expected !== 'string')
    return 'expected is no text; give the answer as a text, or null'
  return {
    provider: null,
    model: null,
    operation: null,
    agent: null,
    ...one!,
    id: one!.id!,
    messages: one!.messages!,
    output: one!.output ?? [],
    system: docs(one!.system) as unknown as Case['system'],
    tools: list(one!.tools),
    parameters: parameters ?? {},
    expected: expected ?? null,
  }
}

/** In the shape of the GenAI conventions. */
export const areMessages = (value: unknown): value is Message[] =>
  Array.isArray(value) &&
  docs(value).length === value.length &&
  docs(value).every(
    ({ role, parts }) =>
      typeof role === 'string' &&
      Array.isArray(parts) &&
      docs(parts).filter(({ type }) => text(type)).length === parts.length,
  )
