// Long output at a terminal goes through the user's pager, as with git.
import { spawnSync } from 'node:child_process'
import { print } from './help'

/** @returns the exit code: done */
export function page(text: string): number {
  const { stdin, stdout, env } = process
  const pager = env.PAGER ?? 'less'
  const lines = text.split('\n').length
  if (!stdin.isTTY || !stdout.isTTY || lines < stdout.rows || pager === 'cat') return print(text)
  // a signal of the terminal is for the pager, which goes on
  const ignore = () => {}
  process.on('SIGINT', ignore)
  try {
    // R: colours; F: ends where all fits; X: leaves the text on the screen
    const shown = spawnSync(pager, {
      shell: true,
      input: `${text}\n`,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { LESS: 'FRX', LV: '-c', ...env },
    })
    // of a shell: there is no such command, or it may not be run
    if (shown.error || shown.status === 127 || shown.status === 126) return print(text)
    return 0
  } finally {
    process.off('SIGINT', ignore)
  }
}
