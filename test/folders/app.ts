// An app with our SDK: one request, in which it calls an LLM and writes a line of its log.
export const app = `
  const http = require('node:http')
  const log = require('pino')()
  const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
  const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Yes.' } }]
  const server = http.createServer(async (request, response) => {
    if (request.url === '/v1/chat/completions') {
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify({ id: 'x', object: 'chat.completion', model: 'gpt-4o-mini', choices, usage }))
    }
    const { port } = server.address()
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Is it there?' }] })
    const headers = { 'content-type': 'application/json' }
    await (await fetch('http://127.0.0.1:' + port + '/v1/chat/completions', { method: 'POST', headers, body })).json()
    log.warn('the shelf is nearly empty')
    response.end('ok')
  }).listen(0, '127.0.0.1', async () => {
    await (await fetch('http://127.0.0.1:' + server.address().port + '/ask')).text()
    server.close()
  })`
