import OpenAI from 'openai'
import { fetch, ProxyAgent } from 'undici'
import { all, exit, run } from './run.mjs'

const asked = name => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `Say <${name}>` }] })
const streamed = name => ({ ...asked(name), stream: true, stream_options: { include_usage: true } })
const ask = (client, name) => client.chat.completions.create(asked(name))

await run({
  plain: name => ask(new OpenAI(), name),
  stream: async name => all(await new OpenAI().chat.completions.create(streamed(name))),
  'undici fetch': async name => all(await new OpenAI({ fetch }).chat.completions.create(streamed(name))),
  // as the client's README has it
  'undici ProxyAgent': name =>
    ask(new OpenAI({ fetch, fetchOptions: { dispatcher: new ProxyAgent(process.env.PROXY) } }), name),
})
await exit()
