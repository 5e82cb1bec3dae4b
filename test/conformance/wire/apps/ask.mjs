// What a client that is no SDK sends to OpenAI.
export const url = 'https://api.openai.com/v1/chat/completions'

const headers = { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` }
const asked = name => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `Say <${name}>` }] })

export const plain = name => ({ method: 'POST', headers, body: JSON.stringify(asked(name)) })
export const streamed = name => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ ...asked(name), stream: true, stream_options: { include_usage: true } }),
})

export async function text(body) {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
  return text
}
