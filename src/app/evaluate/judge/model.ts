// A judge that is a model, asked over HTTP in the shape of OpenAI's or Anthropic's API. The app's own `fetch` sends it, so that the call is
// a span with tokens and a cost as any other.

import { EvaluationError, type JudgeByAsking } from '../evaluator'
import type { Means } from '../means'
import { findingIn, instructions, question, type Scale } from './prompt'

export interface JudgeOptions extends Partial<Scale> {
  /** What makes an answer good, in words. */
  readonly rubric: string
  /** Whose API it speaks. Default `openai`. */
  readonly api?: 'openai' | 'anthropic'
  readonly model: string
  /** Of the API, such as `http://127.0.0.1:11434/v1`. Default: the provider's own. */
  readonly url?: string
  /** The environment variable that holds the API key. Default: that of the provider; none is sent where it is not set. */
  readonly key_env?: string
  /** More members of the request, such as `temperature`. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

interface Api {
  readonly url: string
  readonly path: string
  readonly keyEnv: string
  headers(key: string): Record<string, string>
  body(model: string, system: string, user: string): Record<string, unknown>
  text(answer: unknown): unknown
}

const apis: Readonly<Record<'openai' | 'anthropic', Api>> = {
  openai: {
    url: 'https://api.openai.com/v1',
    path: 'chat/completions',
    keyEnv: 'OPENAI_API_KEY',
    headers: key => ({ authorization: `Bearer ${key}` }),
    body: (model, system, user) => ({
      model,
      response_format: { type: 'json_object' },
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
    }),
    text: answer => (answer as { choices?: { message?: { content?: unknown } }[] }).choices?.[0]?.message?.content,
  },
  anthropic: {
    url: 'https://api.anthropic.com/v1',
    path: 'messages',
    keyEnv: 'ANTHROPIC_API_KEY',
    headers: key => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    body: (model, system, user) => ({ model, max_tokens: 1_024, system, messages: [{ role: 'user', content: user }] }),
    text: answer =>
      (answer as { content?: { type?: unknown; text?: unknown }[] }).content?.find(({ type }) => type === 'text')?.text,
  },
}

/** Characters of an answer that are read. */
const LONGEST = 262_144

/** @param means the key is in its `environment`; `redact` takes its turns */
export function modelJudge(
  { rubric, api: name = 'openai', model, url, key_env: keyEnv, parameters, min = 0, max = 1 }: JudgeOptions,
  { redact, environment, fetch: ask }: Means,
): JudgeByAsking {
  const api = apis[name]
  const address = `${(url ?? api.url).replace(/\/+$/, '')}/${api.path}`
  const scale = { min, max }
  return async (call, signal) => {
    if (call.answer === '') return undefined
    const key = environment[keyEnv ?? api.keyEnv]
    const system = instructions(rubric, scale, call.expected !== undefined)
    const asked = await question(call, redact)
    // it has its turns, in which the time may be over
    signal.throwIfAborted()
    const response = await (ask ?? fetch)(address, {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', ...(key && api.headers(key)) },
      body: JSON.stringify({ ...api.body(model, system, asked), ...parameters }),
    })
    const body = await response.text()
    if (!response.ok) throw new EvaluationError(`the judge's provider answered ${response.status}`)
    let answer: unknown
    try {
      answer = body.length <= LONGEST ? JSON.parse(body) : undefined
    } catch {
      answer = undefined
    }
    if (typeof answer !== 'object' || answer === null)
      throw new EvaluationError("the judge's provider answered no JSON")
    return findingIn(api.text(answer), scale)
  }
}
