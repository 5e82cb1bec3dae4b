// What only an app can know of its LLM calls, as a middleware of express: which agent answers, with which tools, for which plan of its
// users, and how good the answer was. Without @afn/otel preloaded the calls do nothing. Started by the demo, or by hand:
// CHAT_MIDDLEWARE=./judge.cjs node --require @afn/otel server.cjs
const { once } = require('node:events')
const { recordEvaluation, setTags, withAgent, withTool } = require('@afn/otel/api')
const { OpenAI } = require('openai')

module.exports = (request, response, next) => {
  if (request.path !== '/chat') return next()
  const pieces = textOf(response)
  withAgent({ name: 'travel-guide' }, async () => {
    setTags([request.body?.plan === 'pro' ? 'pro' : 'free'])
    const { provider = 'openai', message } = request.body ?? {}
    if (provider === 'openai' && typeof message === 'string') response.set('x-place', await look(message))
    next()
    await once(response, 'close')
    if (response.statusCode === 200) judge(pieces.join(''))
  }).catch(next)
}

const places = ['Kyoto', 'Nara', 'Osaka']

/** What the agent has tools for. One that fails does so on its span; the answer comes all the same. */
async function look(message) {
  for (const link of message.match(/https?:\/\/\S+/g) ?? []) {
    await withTool({ name: 'check_link', arguments: { link } }, async () => hostOf(link)).catch(() => {})
  }
  return withTool({ name: 'find_place', type: 'datastore' }, () => nearest(message)).catch(() => '')
}

function hostOf(link) {
  const { host, password } = new URL(link)
  if (password) throw new Error('a link with a password is not opened')
  return host
}

/** The place whose embedding is nearest to that of the message. */
async function nearest(message) {
  const input = [message, ...places]
  const request = { model: 'text-embedding-3-small', input, dimensions: 8, encoding_format: 'float' }
  const { data } = await new OpenAI({ maxRetries: 0 }).embeddings.create(request)
  const [asked, ...others] = data.map(({ embedding }) => embedding)
  const products = others.map(other => other.reduce((sum, value, at) => sum + value * asked[at], 0))
  return places[products.indexOf(Math.max(...products))]
}

/** What is written to the response, piece by piece, as it comes. */
function textOf(response) {
  const pieces = []
  const { write } = response
  response.write = function (piece, ...more) {
    pieces.push(String(piece))
    return write.call(this, piece, ...more)
  }
  return pieces
}

/** Whether the answer is what the prompt wants: one or two sentences. A judge of yours may ask another model. */
function judge(answer) {
  const sentences = answer.match(/[.!?]+(?=\s|$)/g)?.length ?? 0
  const score = sentences === 0 ? 0 : Math.min(1, 2 / sentences)
  recordEvaluation({ name: 'conciseness', score, threshold: 0.7, evaluator: 'sentence-count' })
}
