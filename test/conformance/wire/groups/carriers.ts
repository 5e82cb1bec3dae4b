// Models behind a cloud or a gateway: the protocol is the model's, the host, the path and the price are the carrier's.
import { messages } from '../answers/anthropic'
import { conversation, gateway, ocr } from '../answers/carriers'
import { generate } from '../answers/google'
import { chat } from '../answers/openai-chat'
import { responses } from '../answers/openai-responses'
import type { Call, Case, Facts } from '../case'
import { factsOf } from './facts'

const withoutId = ({ id: _, ...facts }: Facts): Facts => facts
const azure = (finish: string) =>
  factsOf('azure.ai.openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { finish: [finish] })
/** A region of Vertex costs a tenth more than its global endpoint. */
function claude(): Facts {
  const facts = factsOf('gcp.vertex_ai', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', { finish: ['end_turn'] })
  return { ...facts, cost: (facts.cost as number) * 1.1 }
}
const gemini = () => factsOf('gcp.vertex_ai', 'gemini-2.5-flash', 'gemini-2.5-flash', { finish: ['STOP'] })
const told = () => factsOf('vercel', 'openai/gpt-5-mini', undefined, { cost: 0.0123, finish: ['stop'] })
/** 0.4 and 2 USD for a million. */
const medium = (provider: string, model: string, input: number, output: number): Facts =>
  ({ ...factsOf(provider, model, undefined, { cacheRead: 0, cost: (input * 0.4 + output * 2) / 1e6, input, output }) }) // biome-ignore format: one line
const spoken = (input: number, search = 0) =>
  conversation(withoutId(medium('mistral_ai', 'mistral-medium-2505', input, 40)), search)

const named = (calls: Record<string, Call>) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [`carried: ${name}`, call]))

export const carriers: readonly Case[] = [
  {
    group: 'carriers',
    name: 'carriers',
    app: 'carriers.mjs',
    nodes: [22, 24, 26],
    calls: named({
      'azure chat': chat(azure('stop')),
      'azure chat stream': chat(azure('stop')),
      'azure responses': responses(azure('completed')),
      'vertex claude': messages(claude()),
      'vertex claude stream': messages(claude()),
      'vertex gemini': generate(gemini()),
      'vertex gemini stream': generate(gemini()),
      'vertex mistral': chat(medium('gcp.vertex_ai', 'mistral-medium-3', 500, 50)),
      'gateway generate': gateway(told()),
      'gateway stream': gateway(told()),
      'mistral conversation': spoken(600),
      'mistral conversation stream': spoken(700),
      'mistral ocr': ocr({ provider: 'mistral_ai', model: 'mistral-ocr-2505', cost: 3 * 0.001 }, 3),
    }),
  },
]
