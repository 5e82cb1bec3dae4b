// Lambda's Runtime API, as its documentation has it (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), for a function that
// the real runtime client runs here: it is stopped between two invocations, as Lambda freezes it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installOnce } from './install.mjs'

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
const installed = installOnce(path.join(root, 'test/clients/lambda/package.json'), 'lambda')

/** Runtime clients by the line of Node.js that Lambda has them on. */
export const runtimeClients = {
  20: path.join(installed, 'node_modules/aws-lambda-ric-3/bin/index.mjs'),
  24: path.join(installed, 'node_modules/aws-lambda-ric/index.mjs'),
}

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:shop'

/**
 * @typedef {object} Answer
 * @property {string} kind what the client posted the body to: `response`, `error` or `init/error`
 * @property {string} body
 *
 * @typedef {object} LambdaFunction
 * @property {(event: unknown) => Promise<Answer>} invoke thaws the function, has it handle the event, and freezes it as soon as it asks
 * for the next one
 * @property {Promise<void>} ready fulfilled when it first asks for an invocation
 * @property {() => string} said what it wrote
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.handler as the setting of the function has it: `app.handler`
 * @param {Record<string, string>} options.env
 * @param {string} options.client
 * @param {string} [options.node]
 * @param {string} [options.wrapper] what AWS_LAMBDA_EXEC_WRAPPER names, which is started with the runtime's command line; the package is
 * preloaded by NODE_OPTIONS without it
 * @param {number} [options.timeoutMs]
 * @returns {Promise<LambdaFunction>}
 */
export async function startFunction({
  folder,
  handler,
  env,
  client,
  node = process.execPath,
  wrapper,
  timeoutMs = 60_000,
}) {
  /** @type {http.ServerResponse | undefined} */
  let waiting
  /** @type {((answer: Answer) => void) | undefined} */
  let answered
  /** @type {(value?: undefined) => void} */
  let isReady = () => {}
  /** @type {Promise<void>} */
  const ready = new Promise(resolve => {
    isReady = resolve
  })
  /** @type {Answer | undefined} */
  let last
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  const server = http.createServer(async (request, response) => {
    const [, kind = ''] =
      /\/runtime\/(invocation\/next|init\/error|invocation\/[\w-]+\/(?:response|error))$/.exec(request.url ?? '') ?? []
    if (kind === 'invocation/next') {
      waiting = response
      isReady()
      if (!last) return
      child?.kill('SIGSTOP')
      answered?.(last)
      return
    }
    const body = Buffer.concat(await request.toArray()).toString()
    last = { kind: kind === 'init/error' ? kind : (kind.split('/')[2] ?? ''), body }
    response.writeHead(202).end('{"status":"OK"}')
    if (kind === 'init/error') answered?.(last)
  })
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const preload = path.join(root, 'test/clients/lambda/rapid-client.cjs')
  const [program, ...args] = [...(wrapper ? [wrapper] : []), node, '--require', preload, client, handler]
  const running = spawn(/** @type {string} */ (program), args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: folder,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'shop',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/shop',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/12/03/[$LATEST]1',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      ...(!wrapper && { NODE_OPTIONS: '--require @afn/otel' }),
      // a busy machine takes seconds for what Lambda does in a moment
      AFN_SHUTDOWN_TIMEOUT: '20000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child = running
  let said = ''
  for (const stream of [running.stdout, running.stderr])
    stream.on('data', data => {
      said += data
    })
  const exited = once(running, 'exit')
  let n = 0
  return {
    async invoke(event) {
      /** @type {Promise<Answer>} */
      const done = new Promise((resolve, reject) => {
        answered = resolve
        void exited.then(() => reject(new Error(`the function ended:\n${said}`)))
      })
      await Promise.race([ready, done])
      if (last?.kind === 'init/error') return last
      running.kill('SIGCONT')
      waiting?.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': `8476a536-e9f4-11e8-9739-${String(++n).padStart(12, '0')}`,
        'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
        'lambda-runtime-invoked-function-arn': ARN,
        'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
      })
      waiting?.end(JSON.stringify(event))
      return done
    },
    ready,
    said: () => said,
    async close() {
      running.kill('SIGKILL')
      await exited
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
