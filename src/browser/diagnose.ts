/** One line in the console a code, which `docs/settings.md` lists: failures of ours never reach the app. */
const said = new Set<string>()

export function diagnose(code: string, detail: string): void {
  if (said.has(code)) return
  said.add(code)
  console.warn(`[@afn/otel] ${code} ${detail}`)
}

/** The function as the browser may call it: what it throws becomes a diagnostic. */
export function guarded<Arguments extends unknown[]>(run: (...args: Arguments) => void): (...args: Arguments) => void {
  return (...args) => {
    try {
      run(...args)
    } catch (error) {
      diagnose('AFN181', `${error}`)
    }
  }
}
