// Calls of many models, which their names say, by plain fetch.
import { writeFileSync } from 'node:fs'

const { BASE, CALLS = '[]', RESULTS } = process.env
const headers = { 'content-type': 'application/json' }
const results = {}
for (const name of JSON.parse(CALLS)) {
  const model = name.replace(/^.*: /, '')
  const messages = [{ role: 'user', content: `<${name}>` }]
  const [path, body] = BASE.includes('openai')
    ? ['/v1/chat/completions', { model, messages }]
    : BASE.includes('anthropic')
      ? ['/v1/messages', { model, max_tokens: 9000, messages }]
      : [`/v1beta/models/${model}:generateContent`, { contents: [{ role: 'user', parts: [{ text: `<${name}>` }] }] }]
  const answer = await fetch(BASE + path, { method: 'POST', headers, body: JSON.stringify(body) })
  results[name] = { value: await answer.json() }
}
writeFileSync(RESULTS, JSON.stringify(results))
