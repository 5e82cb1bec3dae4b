// The request's ID of AWS, by which Bedrock's invocation log and support know a call: it is in a header alone.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bedrockAnswers } from '../../conformance/answers-bedrock'
import { type Tapped, tapped } from './tapped'

const headers = { 'content-type': 'application/json', 'x-amzn-requestid': '79b9da39-b7ae-508a-a6bc-864b2829c622' }
const bedrock = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0'
const usage = { inputTokens: 3, outputTokens: 4 }

let answer: () => Response
let tap: Tapped
beforeEach(() => {
  tap = tapped('off', async () => answer())
})
afterEach(() => {
  expect(tap.failures).toEqual([])
  tap.stop()
})

async function spanOf(url: string, body: object, response: Response) {
  answer = () => response
  await (
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  ).text()
  return tap.span()
}

const messages = [{ role: 'user', content: [{ text: 'Hi' }] }]
const whole = JSON.stringify({ output: { message: { role: 'assistant', content: [] } }, stopReason: 'end_turn', usage })

it.each([
  ['Converse', `${bedrock}/converse`, { messages }],
  ['InvokeModel', `${bedrock}/invoke`, { messages }],
  [
    'an agent on AgentCore',
    'https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A1%3Aruntime%2Fa/invocations',
    { prompt: 'Hi' },
  ],
])('%s: the span has no ID by which the log of AWS has the call', async (_, url, body) => {
  const { attributes } = await spanOf(url, body, new Response(whole, { headers }))
  expect(attributes['aws.request_id']).toBe(headers['x-amzn-requestid'])
})

it('a stream: the span has no ID by which the log of AWS has the call', async () => {
  const { headers, bodyBase64 = '' } = bedrockAnswers['converse-stream']!
  const stream = new Response(Buffer.from(bodyBase64, 'base64'), { headers })
  const { attributes } = await spanOf(`${bedrock}/converse-stream`, { messages }, stream)
  expect(attributes['aws.request_id']).toBe(headers['x-amzn-requestid'])
})

it("another provider's span gets an ID of AWS", async () => {
  const chat = { id: 'c', object: 'chat.completion', model: 'gpt-4o', choices: [] }
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }
  const { attributes } = await spanOf(
    'https://api.openai.com/v1/chat/completions',
    body,
    Response.json(chat, { headers }),
  )
  expect(attributes['gen_ai.response.id']).toBe('c')
  expect(attributes).not.toHaveProperty('aws.request_id')
})
