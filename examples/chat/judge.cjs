// What only an app can know of its LLM calls, as a middleware of express: which agent answers, for which plan of its users, and how good
// the answer was. Without @afn/otel preloaded the calls do nothing. Started by the demo, or by hand:
// CHAT_MIDDLEWARE=./judge.cjs node --require @afn/otel server.cjs
const { once } = require('node:events')
const { recordEvaluation, setTags, withAgent } = require('@afn/otel/api')

module.exports = (request, response, next) => {
  if (request.path !== '/chat') return next()
  const pieces = textOf(response)
  withAgent({ name: 'travel-guide' }, async () => {
    setTags([request.body?.plan === 'pro' ? 'pro' : 'free'])
    next()
    await once(response, 'close')
    if (response.statusCode === 200) judge(pieces.join(''))
  }).catch(next)
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
