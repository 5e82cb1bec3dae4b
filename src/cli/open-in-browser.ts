// Opens an address in the reader's browser, by the command that the platform has for it. Without a desktop the address is printed.
import { spawn } from 'node:child_process'

/** @param say gets a line with the address where nothing could be opened */
export function openInBrowser(url: string, say: (line: string) => void): void {
  const command = commandFor(url)
  const failed = () => say(`failed to open a browser; open ${url} yourself`)
  if (!command) return failed()
  const [file, ...args] = command
  try {
    const child = spawn(file, args, { detached: true, stdio: 'ignore' })
    child.once('error', failed)
    child.once('exit', code => code && failed())
    child.unref()
  } catch {
    failed()
  }
}

/** `BROWSER=none` opens nothing. */
function commandFor(url: string): readonly [string, ...string[]] | undefined {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env
  if (BROWSER === 'none') return undefined
  if (BROWSER) return [BROWSER, url]
  if (process.platform === 'darwin') return ['open', url]
  // `start` takes its first quoted argument for a title; & is nothing in an address of ours, whose parameters stand behind #
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '""', url]
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open', url] : undefined
}
