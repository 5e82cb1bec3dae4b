// Starts the replay and the chat servers, and talks. Called by main.ts.
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { policies } from '../../src/shared/tiers'
import { inBaseline } from '../../src/shared/tiers/baseline'
import type { Child } from './children.mjs'
import { type Conversation, providerKeys, type Talked, user } from './conversations'
import { freePort } from './ports'
import type { Stage } from './stage'

export async function startReplay({ app, start }: Stage): Promise<{ said: string; url: string }> {
  const replay = start(process.execPath, [path.join(app, 'replay.cjs')], { env: { ...process.env, PORT: '0' } })
  const [said, url = ''] = await replay.says(/^.+ (http:\S+)$/m)
  return { said, url }
}

export interface Chats {
  talk(conversation: Conversation): Promise<Talked>
  stop(): Promise<void>
}

/** One chat server for what is replayed, and with --live and a key another one for the real providers. */
export async function startChat(stage: Stage, urls: { telemetry: string; replay: string }): Promise<Chats> {
  const env = environment(urls.telemetry)
  const replayed = await startServer(stage, {
    ...env,
    OPENAI_BASE_URL: `${urls.replay}/v1`,
    OPENAI_API_KEY: providerKeys.openai,
    ANTHROPIC_BASE_URL: urls.replay,
    ANTHROPIC_API_KEY: providerKeys.anthropic,
  })
  const live = stage.live && Object.values(keyNames).some(name => env[name]) ? await startServer(stage, env) : undefined
  return {
    async talk(conversation) {
      const isLive = stage.live && !conversation.onlyReplayed
      if (!isLive) return talk(replayed, conversation, false)
      const key = keyNames[conversation.provider]
      if (live && env[key]) return talk(live, conversation, true)
      return { conversation, live: true, outcome: `skipped, since ${key} is not set` }
    },
    async stop() {
      await Promise.all([replayed.child.stop(), live?.child.stop()])
    },
  }
}

const keyNames = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const

/** What the user set for OpenTelemetry is for other applications. */
function environment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_'))
  return {
    ...Object.fromEntries(kept),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...settings,
    PORT: '0',
  }
}

/** With what the chat server runs, besides addresses. */
export const settings = {
  // the demo takes seconds, and a rate needs two exports
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  AFN_CAPTURE_CONTENT: 'redacted',
  AFN_HEALTH: 'on',
  CHAT_MIDDLEWARE: './judge.cjs',
} as const

interface Server {
  readonly url: string
  readonly child: Child
}

async function startServer({ app, start }: Stage, env: NodeJS.ProcessEnv): Promise<Server> {
  const child = start(process.execPath, ['--require', '@afn/otel', 'server.cjs'], {
    cwd: app,
    env: { ...env, AFN_HEALTH_PORT: String(await freePort(0)) },
    onError: console.error, // @afn/otel says nothing unless something is wrong
  })
  const [, port] = await child.says(/"port":(\d+)/)
  return { url: `http://127.0.0.1:${port}`, child }
}

async function talk({ url, child }: Server, conversation: Conversation, live: boolean): Promise<Talked> {
  const { name, provider, model, stream, message, status } = conversation
  const traceId = idOutsideBaseline()
  const spanId = randomBytes(8).toString('hex')
  const startMs = Date.now()
  const response = await fetch(`${url}/chat?user=${encodeURIComponent(user)}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${spanId}-01`,
    },
    body: JSON.stringify({ provider, model, stream, message }),
    signal: AbortSignal.timeout(120_000),
  })
  await response.text()
  if (response.status !== status) {
    await child.stop() // so that all it has to say is here
    const [, said = ''] = /.*"message":"([^"]*)".*"msg":"no answer"/.exec(child.said.stdout) ?? []
    const remedy = live ? 'check key and network, or leave --live out' : 'see examples/chat/server.cjs'
    throw new Error(`${name} was answered with ${response.status} and not ${status} (${said}); ${remedy}`)
  }
  const caller = { spanId, startMs, endMs: Date.now() }
  return { conversation, live, traceId, caller, outcome: `${response.status}${live ? ' live' : ''}` }
}

/** The baseline keeps a tenth of all traces, whatever is in them; the demo shows what is kept for a reason. */
function idOutsideBaseline(): string {
  const id = randomBytes(16).toString('hex')
  return inBaseline(id, policies.baseline) ? idOutsideBaseline() : id
}
