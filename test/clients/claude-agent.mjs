// The scenarios of `@anthropic-ai/claude-agent-sdk` with Claude Code itself, its child process, which alone sends requests.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { createSdkMcpServer, query, tool } from '@anthropic-ai/claude-agent-sdk'
import { z } from 'zod'
import { all, run } from './harness.mjs'

const home = path.join(process.cwd(), 'home')
// a first start is not what a second one is
rmSync(home, { recursive: true, force: true })

/** @returns the messages, without how long things took */
async function* messages(base, { signal, prompt = 'Grüße, 世界', ...options } = {}) {
  const abortController = new AbortController()
  if (signal?.aborted) abortController.abort()
  signal?.addEventListener('abort', () => abortController.abort())
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    ANTHROPIC_API_KEY: 'sk-ant-test',
    ANTHROPIC_BASE_URL: base,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '0',
  }
  const common = { model: 'claude-sonnet-5', settingSources: [], maxTurns: 4, includePartialMessages: true }
  for await (const message of query({ prompt, options: { ...common, env, abortController, ...options } }))
    yield JSON.parse(JSON.stringify(message), steady)
}
const steady = (key, value) => (/_ms$/.test(key) ? undefined : value)

/** From the first piece of an answer on: what comes before is said while nobody has been asked. */
async function* answered(base, signal) {
  for await (const message of messages(base, { signal })) if (message.type !== 'system') yield message
}

async function* twice() {
  for (const content of ['one', 'two'])
    yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, session_id: '' }
}
const weather = tool('weather', 'weather', { city: z.string() }, async () => ({ content: [{ type: 'text', text: 'rain' }] })) // biome-ignore format: one line

run({
  answers: ['claude-text', 'claude-text', 'message-overloaded-529'],
  ask: async (base, signal) => (await all(messages(base, { signal }))).at(-1),
  stream: async (base, signal) => answered(base, signal),
  more: {
    // no message says when it has asked
    'abort before the answer': base => all(messages(base('claude-text'), { signal: AbortSignal.abort() })),
    'connection breaks': base => all(messages(base('claude-text', 'breakAfter=2&pauseMs=300'))),
    'a tool': base => all(messages(base('claude-bash', 'then=claude-text'), { allowedTools: ['Bash'] })),
    'a tool that is denied': base =>
      all(
        messages(base('claude-bash', 'then=claude-text'), {
          canUseTool: async () => ({ behavior: 'deny', message: 'not here' }),
        }),
      ),
    'a tool of the app': base =>
      all(
        messages(base('claude-app-tool', 'then=claude-text'), {
          mcpServers: { app: createSdkMcpServer({ name: 'app', version: '1', tools: [weather] }) },
          allowedTools: ['mcp__app__weather'],
        }),
      ),
    'two turns': base => all(messages(base('claude-text'), { prompt: twice() })),
    'more turns than it may have': base => all(messages(base('claude-bash'), { allowedTools: ['Bash'], maxTurns: 2 })),
    'aborted by an overloaded provider': base => all(messages(base('message-stream-overloaded'))),
    'no such program': base => all(messages(base('claude-text'), { pathToClaudeCodeExecutable: './none' })),
  },
})
