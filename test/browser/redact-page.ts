// What the browser SDK does: the core at once, the engine and the locales as lazy chunks. Runs in the page of
// redact.test.ts.
import { redactCore } from '../../src/shared/redact/core'

export interface Redacted {
  readonly core: string[]
  readonly engine: string[]
  readonly all: string[]
}

async function inParts(texts: string[]): Promise<Redacted> {
  const core = texts.map(redactCore)
  const { createTextRedactor } = await import('../../src/shared/redact/engine')
  const engine = texts.map(createTextRedactor())
  const { locales } = await import('../../src/shared/redact/locales')
  return { core, engine, all: texts.map(createTextRedactor(locales)) }
}

declare global {
  var redactInParts: (texts: string[]) => Promise<Redacted>
}
globalThis.redactInParts = inParts
