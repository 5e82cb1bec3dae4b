// LangGraph: a graph that keeps its thread in a checkpointer, and what it knows of a user in a store, as its documentation has it.
import { HumanMessage } from '@langchain/core/messages'
import { InMemoryStore, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'

const model = new ChatOpenAI({
  model: 'gpt-4o-mini',
  apiKey: 'test',
  maxRetries: 0,
  configuration: { baseURL: `${process.env.MODELS}/v1` },
})
const store = new InMemoryStore()
const graph = new StateGraph(MessagesAnnotation)
  .addNode('model', async ({ messages }, { store, configurable }) => {
    const namespace = ['memories', configurable.user_id]
    const known = await store.search(namespace, { query: 'a planted question' })
    await store.put(namespace, `memory-${known.length}`, { text: 'a planted memory' })
    return { messages: [await model.invoke([...known.map(({ value }) => new HumanMessage(value.text)), ...messages])] }
  })
  .addEdge(START, 'model')
  .compile({ name: 'forecaster', checkpointer: new MemorySaver(), store })
const config = { configurable: { thread_id: 'thread-1', user_id: 'ada' } }
for (const text of ['How is the weather in Bern?', 'And tomorrow?']) {
  const { messages } = await graph.invoke({ messages: [new HumanMessage(text)] }, config)
  console.log(messages.length, messages.at(-1).content)
}
console.log((await store.get(['memories', 'ada'], 'memory-0')).value.text)
await store.delete(['memories', 'ada'], 'memory-0')
console.log((await store.search(['memories', 'ada'])).length)
