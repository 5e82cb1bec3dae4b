// The scenarios of `@aws-sdk/client-bedrock-runtime`, whatever it speaks.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { all, run } from './harness.mjs'

const modelId = 'anthropic.claude-3-haiku-20240307-v1:0'
const ask = { modelId, messages: [{ role: 'user', content: [{ text: 'Grüße, 世界' }] }] }
const invoke = {
  modelId,
  contentType: 'application/json',
  body: JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 64,
    messages: [{ role: 'user', content: 'hi' }],
  }),
}

/** @param {object} options of the client @param {boolean} http2 */
export function runBedrock(options, http2) {
  const send = (base, command, abortSignal) =>
    new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: base,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
      ...options,
    }).send(command, { abortSignal })
  const steady = ({ $metadata: { httpStatusCode, requestId, attempts }, ...answer }) => ({
    metadata: { httpStatusCode, requestId, attempts },
    ...answer,
  })

  return run({
    http2,
    answers: ['converse-plain', 'converse-stream', 'converse-error'],
    ask: async (base, signal) => steady(await send(base, new ConverseCommand(ask), signal)),
    stream: async (base, signal) => (await send(base, new ConverseStreamCommand(ask), signal)).stream,
    more: {
      invoke: async base => {
        const { body, ...answer } = await send(base('invoke-plain'), new InvokeModelCommand(invoke))
        return { ...steady(answer), text: body.transformToString(), bytes: body }
      },
      'invoke, byte by byte': async base =>
        (await send(base('invoke-plain', 'split=1'), new InvokeModelCommand(invoke))).body.transformToString(),
      'invoke stream': async base =>
        all((await send(base('invoke-stream'), new InvokeModelWithResponseStreamCommand(invoke))).body),
      'invoke stream, byte by byte': async base =>
        all((await send(base('invoke-stream', 'split=1'), new InvokeModelWithResponseStreamCommand(invoke))).body),
      'two by one client': async base => {
        const client = new BedrockRuntimeClient({
          region: 'us-east-1',
          endpoint: base('converse-plain'),
          credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
          ...options,
        })
        const answers = [await client.send(new ConverseCommand(ask)), await client.send(new ConverseCommand(ask))]
        client.destroy()
        return answers.map(steady)
      },
      'its middleware': async base => {
        const seen = []
        const client = new BedrockRuntimeClient({
          region: 'us-east-1',
          endpoint: base('converse-plain'),
          credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
          ...options,
        })
        client.middlewareStack.add(next => async args => {
          const { response, output } = await next(args)
          seen.push(response.statusCode, response.constructor.name, Object.keys(response.headers).sort())
          return { response, output }
        })
        await client.send(new ConverseCommand(ask))
        return seen
      },
    },
  })
}
