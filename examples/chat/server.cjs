// A chat server as many are: express, pino, the clients of two providers, and nothing of OpenTelemetry. It is observed
// because of how it is started: node --require @afn/otel server.cjs
const { Anthropic } = require('@anthropic-ai/sdk')
const express = require('express')
const { OpenAI } = require('openai')
const pino = require('pino')

const system = 'You help travellers. Answer in one or two sentences.'
/** A provider that is overloaded gets a second chance, and the user no longer wait than that. */
const maxRetries = 1

/** Made when it is first needed: without a key in the environment the constructors throw. */
const once = make => {
  let made
  return () => {
    made ??= make()
    return made
  }
}
const openai = once(() => new OpenAI({ maxRetries }))
const anthropic = once(() => new Anthropic({ maxRetries }))

/** Each gives the answer in pieces: many when it is streamed, else one. */
const providers = {
  async *openai({ model = 'gpt-4o-mini', message, stream }) {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: message },
    ]
    const { completions } = openai().chat
    if (!stream) {
      yield (await completions.create({ model, messages })).choices[0].message.content
      return
    }
    // Without include_usage OpenAI does not say what a stream cost.
    const options = { stream: true, stream_options: { include_usage: true } }
    for await (const chunk of await completions.create({ model, messages, ...options })) {
      yield chunk.choices[0]?.delta.content ?? ''
    }
  },

  async *anthropic({ model = 'claude-haiku-4-5', message, stream }) {
    const request = { model, max_tokens: 300, system, messages: [{ role: 'user', content: message }] }
    if (!stream) {
      yield (await anthropic().messages.create(request)).content.map(({ text = '' }) => text).join('')
      return
    }
    for await (const event of await anthropic().messages.create({ ...request, stream: true })) {
      if (event.delta?.type === 'text_delta') yield event.delta.text
    }
  },
}

const log = pino()
const app = express()
app.use(express.json())
/** What stands in front of every route, such as ./judge.cjs. */
const { CHAT_MIDDLEWARE: middleware } = process.env
if (middleware) app.use(require(middleware))

// POST /chat?user=… {provider, message, model, stream}
app.post('/chat', async (request, response) => {
  const { provider = 'openai', message } = request.body ?? {}
  if (!Object.hasOwn(providers, provider) || typeof message !== 'string') {
    response.status(400).json({ error: `send {"provider": "${Object.keys(providers).join('|')}", "message": "…"}` })
    return
  }
  log.info({ user: request.query.user, provider, message }, 'question')
  response.type('text/plain')
  for await (const piece of providers[provider](request.body)) response.write(piece)
  response.end()
})

app.use((error, _request, response, next) => {
  log.error(error, 'no answer')
  if (response.headersSent) return next(error) // too late for a status: express breaks the connection
  response.status(502).json({ error: 'The provider did not answer. Try again in a minute.' })
})

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  log.info({ port: server.address().port }, 'listening')
})
