// Checks LangFuse by its health route, which needs no key and queries the database only with a parameter,
// https://langfuse.com/self-hosting/configuration/health-readiness-endpoints
import { CheckFailure, wordOfStatus } from '../failure'
import type { Ask } from './http-request'

export async function checkLangfuse(ask: Ask, host: string, signal: AbortSignal): Promise<void> {
  const url = `${host.replace(/\/+$/, '')}/api/public/health`
  const { status } = await ask({ url, statusOnly: true }, signal)
  const word = wordOfStatus(status)
  if (word) throw new CheckFailure(word)
}
