// LangGraph: a graph with a node for the model, and one for the tools.
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
const { messages } = await graph.invoke({ messages: [new HumanMessage('How is the weather in Bern?')] })
console.log(messages.at(-1).content)
