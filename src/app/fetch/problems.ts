// Failures of ours, on the console with their code: each code once a minute, so that an outage is no flood.
const QUIET = 60_000
const last = new Map<string, number>()

/** @param code of `src/shared/diag/codes.ts`, where what each means stands */
export function problem(code: string, message: string): void {
  const now = Date.now()
  if (now - (last.get(code) ?? Number.NEGATIVE_INFINITY) < QUIET) return
  last.set(code, now)
  console.error(`[@afn/otel] ${code} ${message}`)
}

export const reason = (error: unknown) => (error instanceof Error ? error.message : String(error))
