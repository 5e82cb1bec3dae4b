// Runs an app as a child of a command. The app notices no difference: it gets its own arguments, streams and signals.
import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'

/** Signals to forward. Those from a terminal reach the app directly. */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const
const ofTerminal: ReadonlySet<string> = new Set(['SIGINT', 'SIGHUP', 'SIGQUIT'])

export interface ExitStatus {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface AppOptions {
  readonly env: NodeJS.ProcessEnv
  /** A file to load before the app. */
  readonly preload: string
  /** Whether all Node.js processes that the app starts load it, too. */
  readonly isForChildren?: boolean
  /** Where the app's stdout goes. Default: the stdout of the command. */
  readonly stdout?: 'inherit' | number
  say(line: string): void
}

/** @param app a file for Node.js or a command */
export function inForeground(app: string, args: readonly string[], options: AppOptions): Promise<ExitStatus> {
  const { preload, isForChildren = false, say } = options
  const isFile = isForNode(app)
  const env = { ...options.env }
  const isByOptions = !isFile || isForChildren
  if (isByOptions) env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(preload)}`.trim()
  const [command, ...more] = isFile ? [process.execPath, ...(isByOptions ? [] : ['--require', preload]), app] : [app]
  const child = spawn(command!, [...more, ...args], {
    env,
    stdio: ['inherit', options.stdout ?? 'inherit', 'inherit'],
    shell: !isFile && process.platform === 'win32',
  })
  const stop = passSignals(child)
  return new Promise(resolve => {
    child.once('error', error => {
      stop()
      say((error as NodeJS.ErrnoException).code === 'ENOENT' ? `command not found: ${app}` : error.message)
      resolve({ code: 127, signal: null })
    })
    child.once('exit', (code, signal) => {
      stop()
      resolve({ code, signal })
    })
  })
}

/** Tells a script for Node.js from a program, which may be given by path, too. */
function isForNode(app: string): boolean {
  if (/\.[cm]?[jt]s$/.test(app)) return true
  const about = statSync(app, { throwIfNoEntry: false })
  return about !== undefined && (about.isDirectory() || (about.mode & 0o111) === 0)
}

/** @returns a function that stops forwarding; after it, signals stop this process */
function passSignals(child: ChildProcess): () => void {
  const isInTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  const pass = (signal: NodeJS.Signals) => {
    if (!(isInTerminal && ofTerminal.has(signal))) child.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, pass)
  return () => {
    for (const signal of passedOn) process.off(signal, pass)
  }
}
