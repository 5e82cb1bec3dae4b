// Claude Code as a child process, which is what the Claude Agent SDK runs: its calls of models are the child's, and no request of
// this process. The child says on its stdout what it does and used. Node publishes each child before it is spawned, so nothing is
// patched, and an app that is bundled is seen too; what reads the child is a chunk that is loaded with the first.
import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { hooks } from '../hook'
import type { ClaudeCodeOptions, followClaudeCode } from './spans'

/** What a child is spawned with, of which Node keeps only the arguments. */
interface Spawned {
  readonly args?: readonly string[]
  readonly envPairs?: readonly string[]
}

/** @returns stops watching */
export function watchClaudeCode(
  options: ClaudeCodeOptions,
  load: () => { followClaudeCode: typeof followClaudeCode },
): () => void {
  const created = (message: unknown) => {
    try {
      children.hook((message as { process: ChildProcess }).process, { options, load })
    } catch (error) {
      options.onFailure(error, 'child_process')
    }
  }
  subscribe('child_process', created)
  return () => void unsubscribe('child_process', created)
}

const children = hooks<Parameters<typeof watched>[1], ChildProcess>({
  spawn(watching, native, [spawned], child) {
    const code = native()
    watched(child, watching, (spawned ?? {}) as Spawned)
    return code
  },
})

function watched(
  child: ChildProcess,
  { options, load }: { options: ClaudeCodeOptions; load: () => { followClaudeCode: typeof followClaudeCode } },
  { args, envPairs }: Spawned,
): void {
  try {
    const format = args?.indexOf('--output-format') ?? -1
    if (format < 0 || args?.[format + 1] !== 'stream-json' || !child.stdout || tracesItself(envPairs ?? [])) return
    load().followClaudeCode(child.stdout, options)
  } catch (error) {
    options.onFailure(error, 'child_process')
  }
}

/** Its own spans then stand below the span that is active here: https://code.claude.com/docs/en/agent-sdk/observability */
function tracesItself(env: readonly string[]): boolean {
  const isOn = (name: string) => env.some(pair => pair.startsWith(`${name}=`) && /=(?:1|true|yes|on)$/i.test(pair))
  return (
    isOn('CLAUDE_CODE_ENABLE_TELEMETRY') &&
    (isOn('CLAUDE_CODE_ENHANCED_TELEMETRY_BETA') || isOn('ENABLE_ENHANCED_TELEMETRY_BETA')) &&
    env.some(pair => /^OTEL_TRACES_EXPORTER=.*\botlp\b/.test(pair))
  )
}
