// An app as those whose boards are drawn: the chat server of `examples/chat`, with a judge of its answers, a sign-in, a health check
// and an audit log. Every route does what its name says each time.
const { recordEvaluation, withAgent, withTool, withWorkflow, setTags } = require('@afn/otel/api')
const { defineCheck, healthHandler } = require('@afn/otel/health')
const { Anthropic } = require('@anthropic-ai/sdk')
const express = require('express')
const { OpenAI } = require('openai')

const openai = new OpenAI({ maxRetries: 1 })
const anthropic = new Anthropic({ maxRetries: 1 })
const app = express()

defineCheck({ name: 'redis', check: () => true, periodMs: 1_000 })
defineCheck({ name: 'search', check: () => false, periodMs: 1_000 })
app.use(healthHandler())
app.use(express.json())

const ask = {
  openai: ({ model, message }) =>
    openai.chat.completions.create({ model, messages: [{ role: 'user', content: message }] }),
  async anthropic({ model, message, stream }) {
    const request = { model, max_tokens: 300, messages: [{ role: 'user', content: message }] }
    if (!stream) return anthropic.messages.create(request)
    for await (const _ of await anthropic.messages.create({ ...request, stream: true }));
  },
}

/** One that asks a model, and one that fails each time. */
const tools = {
  find_room: () =>
    openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a room', 'Gion'], encoding_format: 'float' }),
  hold_room: async () => {
    throw new Error('sold out')
  },
}

app.post('/chat', async (request, response) => {
  const { provider, agent = 'planner', plan = 'free' } = request.body
  await withWorkflow('travel', () =>
    withAgent({ name: agent }, async () => {
      setTags([plan])
      if (agent === 'booker') for (const name in tools) await withTool(name, tools[name]).catch(() => {})
      await ask[provider](request.body)
      recordEvaluation({ name: 'relevance', score: 0.9, threshold: 0.7 })
      recordEvaluation({ name: 'tone', score: 0.4, threshold: 0.7 })
    }),
  )
  response.json({ ok: true })
})
for (const status of [401, 403, 429]) app.get(`/refuse/${status}`, (_, response) => response.status(status).end())

app.use((error, _request, response, _next) => response.status(502).json({ error: String(error) }))
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
