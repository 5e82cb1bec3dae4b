import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { all, run } from './run.mjs'

const byDefault = new BedrockRuntimeClient()
const http1 = new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() })
const ask = name => ({
  modelId: 'amazon.nova-lite-v1:0',
  messages: [{ role: 'user', content: [{ text: `Say <${name}>` }] }],
})
const streamed = async (client, name) => all((await client.send(new ConverseStreamCommand(ask(name)))).stream)

await run({
  converse: name => byDefault.send(new ConverseCommand(ask(name))),
  'converse stream': name => streamed(byDefault, name),
  'converse, http1': name => http1.send(new ConverseCommand(ask(name))),
  'converse stream, http1': name => streamed(http1, name),
})
byDefault.destroy()
http1.destroy()
