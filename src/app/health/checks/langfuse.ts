// LangFuse: its own health route, which needs no key and looks at its database only where a parameter says so,
// https://langfuse.com/self-hosting/configuration/health-readiness-endpoints
import { CheckFailure, wordOfStatus } from '../failure'
import type { Ask } from './http-request'

export async function checkLangfuse(ask: Ask, host: string, signal: AbortSignal): Promise<void> {
  const url = `${host.replace(/\/+$/, '')}/api/public/health`
  const { status } = await ask({ url, statusOnly: true }, signal)
  const word = wordOfStatus(status)
  if (word) throw new CheckFailure(word)
}
