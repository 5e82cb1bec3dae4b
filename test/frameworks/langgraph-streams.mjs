// LangGraph: the graph of langgraph.mjs, streamed in three ways, and left after the first piece.
import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { z } from 'zod'

const weather = tool(async () => '21 degrees', {
  name: 'weather',
  description: 'the weather of a city',
  schema: z.object({ city: z.string() }),
})
const model = new ChatOpenAI({
  model: 'gpt-4o-mini',
  apiKey: 'test',
  maxRetries: 0,
  configuration: { baseURL: `${process.env.MODELS}/v1` },
}).bindTools([weather])
const graph = new StateGraph(MessagesAnnotation)
  .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addNode('tools', new ToolNode([weather]))
  .addEdge(START, 'model')
  .addConditionalEdges('model', ({ messages }) => (messages.at(-1).tool_calls?.length ? 'tools' : END), ['tools', END])
  .addEdge('tools', 'model')
  .compile({ name: 'forecaster' })
const asked = () => ({ messages: [new HumanMessage('How is the weather in Bern?')] })

const ways = {
  async updates() {
    for await (const update of await graph.stream(asked(), { streamMode: 'updates' })) console.log(Object.keys(update))
  },
  async messages() {
    for await (const [message, { langgraph_node }] of await graph.stream(asked(), { streamMode: 'messages' }))
      console.log(langgraph_node, message.content)
  },
  async events() {
    for await (const { event, name } of graph.streamEvents(asked(), { version: 'v2' })) console.log(event, name)
  },
  async left() {
    for await (const [message] of await graph.stream(asked(), { streamMode: 'messages' })) {
      console.log(message.tool_calls?.length)
      break
    }
  },
}
await ways[process.env.WAY]()
