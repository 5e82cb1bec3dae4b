import * as undici from 'undici'
import { plain, streamed, text, url } from './ask.mjs'
import { run } from './run.mjs'

const { Agent, ProxyAgent } = undici
const proxy = new ProxyAgent(process.env.PROXY)

await run({
  // a version of undici that the one inside Node does not go with refuses; so it does without us
  dispatcher: async name => (await fetch(url, { ...plain(name), dispatcher: proxy })).json(),
  setGlobalDispatcher: async name => {
    undici.setGlobalDispatcher(new Agent())
    return text((await fetch(url, streamed(name))).body)
  },
  install: async name => {
    undici.install()
    return text((await fetch(url, streamed(name))).body)
  },
})
