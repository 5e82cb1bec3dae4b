import { plain, streamed, text, url } from './ask.mjs'
import { run } from './run.mjs'

const ask = async name => (await fetch(url, plain(name))).json()
let second

await run({
  plain: ask,
  stream: async name => text((await fetch(url, streamed(name))).body),
  Request: async name => (await fetch(new Request(url, plain(name)))).json(),
  'first of two': async name => {
    const both = [ask(name), ask(name.replace('first', 'second'))]
    second = both[1]
    return both[0]
  },
  'second of two': () => second,
  'keep-alive': ask,
})
