import { ChatOpenAI } from '@langchain/openai'
import { all, run } from './run.mjs'

const model = new ChatOpenAI({ model: 'gpt-5-mini', maxRetries: 0 })
const text = ({ content }) => content

await run({
  invoke: async name => text(await model.invoke(`Say <${name}>`)),
  stream: async name => (await all(await model.stream(`Say <${name}>`))).map(text),
})
