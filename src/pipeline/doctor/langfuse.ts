// LangFuse: is it there, and are the keys those of a project.
// https://api.reference.langfuse.com/
import type { Settings } from '../../shared/config/settings'
import { type Check, checksOf } from './check'
import { clockCheck } from './clock'
import { ask, baseOf, objectIn } from './probe-request'
import { compareVersions } from './version'

const { holds, fails, skips } = checksOf('LangFuse')
const oldest = '4.0'

export async function langfuseChecks(settings: Settings): Promise<Check[]> {
  const { langfusePublicKey: publicKey, langfuseSecretKey: secretKey, langfuseHost } = settings
  if (!publicKey && !secretKey)
    return [skips('reachable', 'not used: LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not set')]
  if (!publicKey || !secretKey)
    return [fails('keys', `LANGFUSE_${publicKey ? 'SECRET' : 'PUBLIC'}_KEY is not set; both project keys are required`)]
  const url = baseOf(langfuseHost)
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
  const [health, recent, project] = await Promise.all([
    ask(`${url}/api/public/health?failIfDatabaseUnavailable=true`),
    ask(`${url}/api/public/health?failIfNoRecentEvents=true`),
    ask(`${url}/api/public/projects`, { headers: { authorization } }),
  ])
  if ('silent' in health)
    return [
      fails('reachable', `${url} does not answer (${health.silent}); start LangFuse there, or correct LANGFUSE_HOST`),
    ]
  const { version, status } = objectIn(health.body)
  if (typeof version !== 'string')
    return [fails('reachable', `the server at ${url} is not LangFuse (HTTP ${health.status}); correct LANGFUSE_HOST`)]
  const isUp = health.status === 200
  return [
    isUp
      ? holds('reachable', url)
      : fails('reachable', `${url} is unhealthy: ${status} (HTTP ${health.status}); see its log`),
    (compareVersions(version, oldest) ?? 0) < 0
      ? fails('version', `${version} is older than ${oldest}, whose data format the Collector uses; update it`)
      : holds('version', version),
    ...clockCheck('LangFuse', health),
    ...eventsCheck(recent),
    keys(project),
  ]
}

/** That there are none is no failure: it says no more than that ClickHouse was read. */
function eventsCheck(answer: Awaited<ReturnType<typeof ask>>): Check[] {
  const { status } = 'status' in answer ? objectIn(answer.body) : {}
  return typeof status === 'string' && /^Couldn't fetch/.test(status)
    ? [fails('events', `it can't read its stored data: ${status}; check its ClickHouse`)]
    : []
}

function keys(answer: Awaited<ReturnType<typeof ask>>): Check {
  if ('silent' in answer) return fails('keys', `could not be verified (${answer.silent})`)
  if (answer.status === 200) {
    const { data } = objectIn(answer.body)
    const name = Array.isArray(data) ? data[0]?.name : undefined
    return holds('keys', `for project ${name ?? '(unnamed)'}`)
  }
  if (answer.status === 401 || answer.status === 403)
    return fails(
      'keys',
      'LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY do not match a project there; create new keys in its settings',
    )
  return fails('keys', `could not be verified (HTTP ${answer.status})`)
}
