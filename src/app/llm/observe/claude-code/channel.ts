// Passes the trace context to child processes, and follows Claude Code, which the Claude Agent SDK starts: its model calls are requests of
// the child, not of this process, and the child reports actions and usage on stdout. Node publishes each child before it is spawned, so
// nothing is patched and bundled apps work too. The rest is in chunks that are loaded with the first child.
import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { trace } from '@opentelemetry/api'
import { hooks } from '../hook'
import type { ClaudeCodeOptions, followClaudeCode } from './spans'

/** The options of spawn; Node keeps only the arguments afterwards. */
interface Spawned {
  readonly args?: readonly string[]
  /** A list that Node creates for this child only. */
  readonly envPairs?: string[]
}

interface ChildOptions extends ClaudeCodeOptions {
  /** Adds the trace context to the environment of a child. */
  readonly passContext: (envPairs: string[]) => void
}

/** @returns stops watching */
export function watchChildren(options: ChildOptions, load: Watching['load']): () => void {
  const created = (message: unknown) =>
    guarded(options, () => children.hook((message as { process: ChildProcess }).process, { options, load }))
  subscribe('child_process', created)
  return () => void unsubscribe('child_process', created)
}

interface Watching {
  readonly options: ChildOptions
  readonly load: () => { followClaudeCode: typeof followClaudeCode }
}

const children = hooks<Watching, ChildProcess>({
  spawn({ options, load }, native, [spawned], child) {
    const { args = [], envPairs = [] } = (spawned ?? {}) as Spawned
    guarded(options, () => {
      if (trace.getActiveSpan()) options.passContext(envPairs)
    })
    const code = native()
    guarded(options, () => {
      // without the option, this compares the first argument, the program, which is never `stream-json`
      if (args[args.indexOf('--output-format') + 1] !== 'stream-json' || !child.stdout || tracesItself(envPairs)) return
      load().followClaudeCode(child.stdout, options)
    })
    return code
  },
})

function guarded({ onFailure }: ChildOptions, work: () => void): void {
  try {
    work()
  } catch (error) {
    onFailure(error, 'child_process')
  }
}

/**
 * Whether Claude Code makes its own spans, which then become children of the active span:
 * https://code.claude.com/docs/en/agent-sdk/observability
 */
function tracesItself(env: readonly string[]): boolean {
  const isOn = (name: string) => env.some(pair => pair.startsWith(`${name}=`) && /=(?:1|true|yes|on)$/i.test(pair))
  return (
    isOn('CLAUDE_CODE_ENABLE_TELEMETRY') &&
    (isOn('CLAUDE_CODE_ENHANCED_TELEMETRY_BETA') || isOn('ENABLE_ENHANCED_TELEMETRY_BETA')) &&
    env.some(pair => /^OTEL_TRACES_EXPORTER=.*\botlp\b/.test(pair))
  )
}
