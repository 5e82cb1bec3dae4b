// F5: what a provider's error message repeats of a prompt. The messages have the wording of the libraries that write them: OpenAI,
// pydantic 2 (vLLM, LiteLLM), Anthropic, Gemini, jsonschema.
import { describe, expect, it } from 'vitest'
import { withoutQuotations } from '../../../src/app/llm/observe/quotations'

const PROMPT = "my therapist's notes say I am depressed since Zoe left"
const JAPANESE = '先月から気分が落ち込んで眠れないことを主治医に相談しました'
const body = (prompt: string) =>
  JSON.stringify({ model: 'gpt-5-mini-2025-08-07', messages: [{ role: 'user', content: prompt }] })

describe('with content off a status message has nothing of the prompt', () => {
  it.each([
    [
      'OpenAI',
      `Invalid value: '${PROMPT}'. Supported values are: 'system', 'user'.`,
      "Supported values are: 'system', 'user'.",
    ],
    ['OpenAI, one word', `Invalid value: 'depressed'.`, 'Invalid value: '],
    [
      'pydantic',
      `1 validation error for Request\nmessages.0.content\n  Input should be a valid list [type=list_type, input_value='${PROMPT}', input_type=str]`,
      'Input should be a valid list [type=list_type, input_value=',
    ],
    [
      'pydantic, a dict',
      `[type=missing, input_value={'role': 'user', 'content': "${PROMPT}"}, input_type=dict]`,
      'type=missing',
    ],
    ['vLLM', `[{'loc': ('body', 'messages'), 'input': {'content': "${PROMPT}"}}]`, "'loc': ('body', 'messages')"],
    ['jsonschema', `"${PROMPT}" is not of type "array"`, 'is not of type "array"'],
    ['without marks', `The text ${PROMPT} was filtered`, 'was filtered'],
    ['cut in the middle', `prompt rejected: "${PROMPT.slice(0, 30)}`, 'prompt rejected: "'],
    ['other marks', `rejected: “${PROMPT}” and «${PROMPT}» and \`${PROMPT}\``, 'rejected: '],
  ])('%s', (_, message, kept) => {
    const shown = withoutQuotations(message, body(PROMPT))
    expect(shown).not.toMatch(/therapist|depressed|Zoe/)
    expect(shown).toContain(kept)
  })

  it('in any language, with line breaks, and from bytes', () => {
    const prompt = `${JAPANESE}\n"${PROMPT}"`
    const shown = withoutQuotations(`blocked by policy: ${prompt} (code 7)`, Buffer.from(body(prompt)))
    expect(shown).not.toMatch(/therapist|depressed|Zoe|落ち込|主治医/)
    expect(shown).toMatch(/^blocked by policy: .*\(code 7\)$/s)
    for (let from = 0; from + 20 <= JAPANESE.length; from++)
      expect(withoutQuotations(`拒否: ${JAPANESE.slice(from)}。`, body(JAPANESE))).not.toContain(
        JAPANESE.slice(from, from + 20),
      )
  })

  it('also where the request is not known, as in a stream', () => {
    expect(withoutQuotations(`Invalid: "${PROMPT}"`, undefined)).toBe('Invalid: "…"')
  })
})

describe('a status message says what went wrong', () => {
  it.each([
    'The model `gpt-5-mini-2025-08-07` does not exist or you do not have access to it.',
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    'Rate limit reached for gpt-5-mini-2025-08-07 in organization org-x on tokens per min (TPM): Limit 30000, Used 29000.',
    'messages: at least one message is required',
    "You didn't provide an API key, and the users' quota isn't set.",
    'fetch failed',
  ])('%s', message => {
    expect(withoutQuotations(message, body(PROMPT))).toBe(message)
  })

  it('costs little with a long message and a large request', () => {
    const long = 'a "b'.repeat(100_000)
    expect(withoutQuotations(long, body(long)).length).toBeLessThanOrEqual(2048)
  })
})
