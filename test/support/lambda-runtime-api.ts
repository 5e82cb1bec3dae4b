// Lambda's Runtime API, as its documentation has it (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), for a function that
// the real runtime client runs here: it is stopped between two invocations, as Lambda freezes it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { installOnce } from './install.mjs'

const root = path.join(import.meta.dirname, '../..')
const installed = installOnce(path.join(root, 'test/clients/lambda/package.json'), 'lambda')

/** Runtime clients by the line of Node.js that Lambda has them on. */
export const runtimeClients = {
  20: path.join(installed, 'node_modules/aws-lambda-ric-3/bin/index.mjs'),
  24: path.join(installed, 'node_modules/aws-lambda-ric/index.mjs'),
}

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:shop'

export interface Answer {
  /** What the client posted the body to. */
  readonly kind: 'response' | 'error' | 'init/error'
  readonly body: string
}

export interface LambdaFunction {
  /** Thaws the function, has it handle the event, and freezes it as soon as it asks for the next one. */
  invoke(event: unknown): Promise<Answer>
  /** What it wrote. */
  said(): string
  close(): Promise<void>
}

export interface FunctionOptions {
  readonly folder: string
  /** As the setting of the function has it: `app.handler`. */
  readonly handler: string
  readonly env: Record<string, string>
  readonly client: string
  readonly node?: string
  readonly timeoutMs?: number
}

export async function startFunction({
  folder,
  handler,
  env,
  client,
  node = process.execPath,
  timeoutMs = 60_000,
}: FunctionOptions): Promise<LambdaFunction> {
  let waiting: ServerResponse | undefined
  let answered: ((answer: Answer) => void) | undefined
  let isReady: () => void = () => {}
  const ready = new Promise<void>(resolve => {
    isReady = resolve
  })
  let last: Answer | undefined
  let child: ChildProcess | undefined
  const server = http.createServer(async (request, response) => {
    const [, kind] =
      /\/runtime\/(invocation\/next|init\/error|invocation\/[\w-]+\/(?:response|error))$/.exec(request.url!) ?? []
    if (kind === 'invocation/next') {
      waiting = response
      isReady()
      if (!last) return
      child!.kill('SIGSTOP')
      answered?.(last)
      return
    }
    last = {
      kind: (kind === 'init/error' ? kind : kind!.split('/')[2]) as Answer['kind'],
      body: Buffer.concat(await request.toArray()).toString(),
    }
    response.writeHead(202).end('{"status":"OK"}')
    if (kind === 'init/error') answered?.(last)
  })
  server.keepAliveTimeout = 0
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  child = spawn(node, ['--require', path.join(root, 'test/clients/lambda/rapid-client.cjs'), client, handler], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: folder,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'shop',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/shop',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/12/03/[$LATEST]1',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      NODE_OPTIONS: '--require @afn/otel',
      // a busy machine takes seconds for what Lambda does in a moment
      AFN_SHUTDOWN_TIMEOUT: '20000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', data => {
      said += data
    })
  const exited = once(child, 'exit')
  let n = 0
  return {
    async invoke(event) {
      const done = new Promise<Answer>((resolve, reject) => {
        answered = resolve
        void exited.then(() => reject(new Error(`the function ended:\n${said}`)))
      })
      await Promise.race([ready, done])
      if (last?.kind === 'init/error') return last
      child!.kill('SIGCONT')
      waiting!.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': `8476a536-e9f4-11e8-9739-${String(++n).padStart(12, '0')}`,
        'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
        'lambda-runtime-invoked-function-arn': ARN,
        'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
      })
      waiting!.end(JSON.stringify(event))
      return done
    },
    said: () => said,
    async close() {
      child!.kill('SIGKILL')
      await exited
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
