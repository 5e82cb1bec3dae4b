// Child processes: each gets the trace context, and Claude Code is read, which is what the Claude Agent SDK runs: its calls of models
// are the child's, and no request of this process. The child says on its stdout what it does and used. Node publishes each child
// before it is spawned, so nothing is patched, and an app that is bundled is seen too; what is done then is in chunks that are loaded
// with the first.
import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { trace } from '@opentelemetry/api'
import { hooks } from '../hook'
import type { ClaudeCodeOptions, followClaudeCode } from './spans'

/** What a child is spawned with, of which Node keeps only the arguments. */
interface Spawned {
  readonly args?: readonly string[]
  /** Made by Node for this child alone. */
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
      // the first is the program, which has another name
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

/** Its own spans then stand below the span that is active here: https://code.claude.com/docs/en/agent-sdk/observability */
function tracesItself(env: readonly string[]): boolean {
  const isOn = (name: string) => env.some(pair => pair.startsWith(`${name}=`) && /=(?:1|true|yes|on)$/i.test(pair))
  return (
    isOn('CLAUDE_CODE_ENABLE_TELEMETRY') &&
    (isOn('CLAUDE_CODE_ENHANCED_TELEMETRY_BETA') || isOn('ENABLE_ENHANCED_TELEMETRY_BETA')) &&
    env.some(pair => /^OTEL_TRACES_EXPORTER=.*\botlp\b/.test(pair))
  )
}
