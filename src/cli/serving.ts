// What the commands that serve until a signal ends them have in common.

/** @throws Error that names the option, where the text is no port; 0 is a free one */
export function portOf(option: string, text = ''): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new Error(`${option} takes a number from 0 to 65535, not "${text}"`)
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function signalled(): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      process.off('SIGINT', end).off('SIGTERM', end)
      resolve()
    }
    process.on('SIGINT', end).on('SIGTERM', end)
  })
}
