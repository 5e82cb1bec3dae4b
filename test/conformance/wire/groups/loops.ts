// Loops of tools: each call of the model once, whatever runs the loop.
import { messagesAnswer } from '../answers/anthropic'
import { chatAnswer } from '../answers/openai-chat'
import { responsesAnswer } from '../answers/openai-responses'
import type { Call, Case, Facts, Node } from '../case'
import type { Received } from '../loopback'
import { factsOf } from './facts'

/** The first answer asks for the tool, the second has the text. */
const loop = (
  make: (finish: string) => Facts,
  finish: readonly [string, string],
  answer: (facts: Facts, request: Received, calls: boolean) => ReturnType<Call['answer']>,
): Call => {
  // biome-ignore format: one line
  const facts = finish.map(make)
  return { facts, answer: (request, turn) => answer(facts[Math.min(turn, 1)]!, request, turn === 0) }
}

const args = '{"city":"Bern"}'
const gpt = (finish: string) => factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { finish: [finish] })
const claude = (finish: string) => factsOf('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', { finish: [finish] }) // biome-ignore format: one line

const byChat = () => loop(gpt, ['tool_calls', 'stop'], (facts, request, calls) => chatAnswer(facts, request, calls ? { tool: { name: 'weather', args } } : {})) // biome-ignore format: one line
const byResponses = () =>
  loop(
    gpt,
    ['completed', 'completed'],
    (facts, request, calls) =>
    responsesAnswer(facts, request, calls ? { output: [{ type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: args, status: 'completed' }] } : {}), // biome-ignore format: one line
  )
const byMessages = () =>
  loop(
    claude,
    ['tool_use', 'end_turn'],
    (facts, request, calls) =>
    messagesAnswer(facts, request, calls ? { content: [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' } }] } : {}), // biome-ignore format: one line
  )

const from22: readonly Node[] = [22, 24, 26]
const loops = (name: string, calls: Record<string, Call>, more: Partial<Case> = {}): Case => ({
  group: 'loops',
  name,
  app: 'loops.mjs',
  calls: Object.fromEntries(Object.entries(calls).map(([call, facts]) => [`loop: ${call}`, facts])),
  ...more,
})

export const toolLoops: readonly Case[] = [
  loops('loops of clients', {
    runTools: byChat(),
    toolRunner: byMessages(),
    'toolRunner stream': byMessages(),
    createAgent: byChat(),
  }, { modules: { openai: 'openai-6' } }), // biome-ignore format: one line
  loops('loops of agents', {
    runTools: byChat(),
    generateText: byResponses(),
    streamText: byResponses(),
    ToolLoopAgent: byMessages(),
    'openai agents': byResponses(),
    'openai agents stream': byResponses(),
  }, { nodes: from22 }), // biome-ignore format: one line
]
