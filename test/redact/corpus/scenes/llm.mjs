// Prompts and answers as the SDKs and frameworks record them: messages inside JSON inside JSON, at any depth, whole or cut
// off. One set of the corpus; called by generate.mjs.
import { around, CLOSE, OPEN } from '../mark.mjs'
import { json } from './containers.mjs'
import { ids } from './ids.mjs'
import { japanese } from './japanese.mjs'
import { names } from './named.mjs'
import { contextual, prefixed } from './secrets.mjs'
import { structured } from './structured.mjs'

/** @typedef {import('../random.mjs').Random} Random */
/** @typedef {import('../generate.mjs').Put} Put */

const SETS = [structured, structured, prefixed, contextual, ids, japanese, names]

/** One to three things that a user or a tool says. @param {Random} r @param {Put} put */
function content(r, put) {
  const parts = Array.from({ length: r.int(1, 3) }, () => {
    const scenes = r.pick(SETS)
    return scenes[r.pick(Object.keys(scenes))]?.(r, put) ?? ''
  })
  return (
    r.pick(['', '', 'Please summarise this:\n', '以下を要約してください。\n']) +
    parts.join(r.pick(['\n', '\n\n', '\n---\n']))
  )
}

/** By source: the recorded value, before it is written as JSON. @type {Record<string, (r: Random, put: Put) => unknown>} */
// biome-ignore format: a table
const payloads = {
  openai_request: (r, put) => ({ model: 'gpt-4o-2024-08-06', temperature: 0.2, messages: [{ role: 'system', content: 'You are a helpful assistant.' }, { role: 'user', content: content(r, put) }] }),
  openai_parts: (r, put) => ({ model: 'gpt-5', input: [{ role: 'user', content: [{ type: 'input_text', text: content(r, put) }] }] }),
  openai_response: (r, put) => ({ id: `chatcmpl-${r.alnum(29)}`, object: 'chat.completion', created: 1764000000, choices: [{ index: 0, message: { role: 'assistant', content: content(r, put), refusal: null }, finish_reason: 'stop', logprobs: null }], usage: { prompt_tokens: r.int(10, 9000), completion_tokens: r.int(5, 900), total_tokens: r.int(50, 9900) } }),
  openai_tool: (r, put) => ({ role: 'assistant', tool_calls: [{ id: `call_${r.alnum(24)}`, type: 'function', function: { name: 'create_ticket', arguments: json({ body: content(r, put), priority: 2 }) } }] }),
  anthropic_request: (r, put) => ({ model: 'claude-sonnet-4-5-20250929', max_tokens: 1024, system: [{ type: 'text', text: 'Answer briefly.', cache_control: { type: 'ephemeral' } }], messages: [{ role: 'user', content: [{ type: 'text', text: content(r, put) }] }] }),
  anthropic_tool: (r, put) => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_01${r.alnum(22)}`, content: [{ type: 'text', text: content(r, put) }], is_error: false }] }),
  anthropic_use: (r, put) => ({ id: `msg_01${r.alnum(22)}`, type: 'message', role: 'assistant', content: [{ type: 'tool_use', id: `toolu_01${r.alnum(22)}`, name: 'search_crm', input: { query: content(r, put), limit: 5 } }], stop_reason: 'tool_use', usage: { input_tokens: r.int(10, 9000), output_tokens: 61 } }),
  gemini: (r, put) => ({ contents: [{ role: 'user', parts: [{ text: content(r, put) }] }], generationConfig: { temperature: 0.4, maxOutputTokens: 2048 } }),
  gemini_call: (r, put) => ({ candidates: [{ content: { role: 'model', parts: [{ functionCall: { name: 'lookup', args: { q: content(r, put) } } }] }, finishReason: 'STOP', index: 0 }], modelVersion: 'gemini-2.5-flash' }),
  langchain: (r, put) => [[{ lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'HumanMessage'], kwargs: { content: content(r, put), additional_kwargs: {}, response_metadata: {} } }]],
  gen_ai: (r, put) => [{ role: 'user', parts: [{ type: 'text', content: content(r, put) }] }],
  vercel: (r, put) => ({ prompt: json([{ role: 'user', content: [{ type: 'text', text: content(r, put) }] }]), system: 'Be kind.' }),
  retrieval: (r, put) => ({ documents: [{ id: r.uuid(), score: 0.8123456789, page_content: content(r, put), metadata: { source: 'kb/faq.md', chunk: 3 } }] }),
}

/** What wraps recorded JSON once more, as a string. @type {((inner: string) => unknown)[]} */
const wraps = [
  inner => ({ input: inner }),
  inner => [{ key: 'gen_ai.input.messages', value: { stringValue: inner } }],
  inner => ({ level: 'info', msg: 'llm call', payload: inner }),
  inner => ({ name: 'ChatOpenAI', inputs: inner, session: 'default' }),
]

/** As Python's json.dumps writes it. @param {string} marked */
const ascii = marked =>
  around(marked, text => text.replace(/[^\0-\x7f]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`))

/** A place outside of every value, behind the first one. @param {Random} r @param {string} marked */
function cut(r, marked) {
  const ends = [...marked.matchAll(/\ue001/g)].map(({ index }) => index + CLOSE.length)
  const from = r.pick(ends)
  const next = marked.indexOf(OPEN, from)
  return marked.slice(0, from + r.int(0, (next < 0 ? marked.length : next) - from))
}

/** By source: a text with all that is in it. @type {Record<string, (r: Random, put: Put) => string>} */
export const llm = Object.fromEntries(
  Object.entries(payloads).map(([source, make]) => [
    source,
    /** @param {Random} r @param {Put} put */ (r, put) => {
      let text = r.maybe(0.1) ? JSON.stringify(make(r, put), null, 2) : json(make(r, put))
      if (r.maybe(0.15)) text = ascii(text)
      for (let depth = r.int(0, 3); depth > 0; depth--) text = json(r.pick(wraps)(text))
      return r.maybe(0.2) ? cut(r, text) : text
    },
  ]),
)
