// The part of the stand-in for Cloudflare's API that Workers are uploaded to: the routes of ours, of npm's client and of wrangler. Answers that
// the types of npm's client do not have are as wrangler 4 reads them; codes are those that it looks for.
import { randomUUID } from 'node:crypto'
import { type CloudflareAnswer, problemsOf, refusal, success } from './cloudflare-types'

interface Binding {
  type: string
  name: string
  text?: string
  class_name?: string
}

/** The field `metadata` of an upload. */
export interface Metadata {
  main_module: string
  bindings: Binding[]
  keep_bindings?: string[]
  tags?: string[]
  migrations?: { old_tag?: string; new_tag: string; steps?: { new_sqlite_classes?: string[] }[] }
}

/** An upload as it came. */
export interface Upload {
  metadata: Metadata
  /** Of each part: its name, its file name and its type, which are undefined for a field that is no file. */
  parts: { name: string; file?: string; type?: string }[]
}

export interface UploadedScript {
  readonly id: string
  module: string
  /** Values by name, of each kind of binding. */
  bindings: Binding[]
  tags: string[]
  created_on: string
  migration_tag?: string
  schedules: { cron: string }[]
  isOnWorkersDev: boolean
}

interface Account {
  readonly accountId: string
  readonly lacking: ReadonlySet<string>
  readonly subdomain: string | undefined
  readonly scripts: UploadedScript[]
  readonly uploads: Upload[]
  readonly wrong: string[]
}

interface Request {
  readonly method: string
  /** Below `/client/v4`. */
  readonly path: string
  readonly body: Buffer
  readonly contentType: string
}

const ROUTE =
  /^\/accounts\/([0-9a-f]{32})\/workers\/(?:(subdomain)|(?:services|workers)\/([^/]+)|scripts(?:\/([^/]+))?(?:\/(schedules|subdomain|secrets|settings|script-settings|versions|deployments))?)$/

export const isOfWorkers = (path: string): boolean => ROUTE.test(path)

export async function answerOfWorkers(account: Account, { method, path, body, contentType }: Request) {
  const { scripts, lacking } = account
  if (lacking.has(`Workers Scripts ${method === 'GET' ? 'Read' : 'Edit'}`))
    return refusal(403, 10000, 'Authentication error')
  const [, owner, ofAccount, service, named, part] = ROUTE.exec(path)!
  if (owner !== account.accountId)
    return refusal(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`)
  if (ofAccount)
    return account.subdomain === undefined
      ? refusal(404, 10007, 'workers.api.error.subdomain_not_found')
      : success({ subdomain: account.subdomain })
  const script = scripts.find(({ id }) => id === (service ?? named))
  if (service !== undefined)
    return script
      ? success({ id: service, default_environment: { environment: 'production', script: shown(script) }, subdomain: { enabled: script.isOnWorkersDev, previews_enabled: false } }) // biome-ignore format: one line
      : refusal(404, 10090, 'workers.api.error.service_not_found')
  const checked = (type: string, value: unknown, what: string): string | undefined => {
    const problem = problemsOf(type, value)
    if (problem) account.wrong.push(`${what} ${type}: ${problem}`)
    return problem
  }
  if (named === undefined) {
    const all = scripts.map(shown)
    for (const one of all) checked('script', one, 'answer')
    return success(all)
  }
  if (method === 'PUT' && part === undefined) return await upload(account, named, script, body, contentType, checked)
  if (!script) return refusal(404, 10007, 'This Worker does not exist on your account.')
  // wrangler uploads a Worker that is there as a version, which it deploys then
  if (method === 'POST' && part === 'versions') return await upload(account, named, script, body, contentType, checked)
  const json = () => (body.length > 0 ? (JSON.parse(body.toString()) as unknown) : undefined)
  switch (part) {
    case 'schedules': {
      if (method === 'PUT') {
        const problem = checked('schedulesUpdate', json(), 'upload')
        if (problem) return refusal(400, 10004, problem)
        script.schedules = json() as { cron: string }[]
      }
      return success({ schedules: script.schedules })
    }
    case 'subdomain': {
      if (method === 'POST') {
        const problem = checked('subdomainCreate', json(), 'upload')
        if (problem) return refusal(400, 10004, problem)
        script.isOnWorkersDev = (json() as { enabled: boolean }).enabled
      }
      return success({ enabled: script.isOnWorkersDev, previews_enabled: false })
    }
    case 'secrets':
      return success(script.bindings.filter(({ type }) => type === 'secret_text').map(({ name, type }) => ({ name, type }))) // biome-ignore format: one line
    case 'settings':
      return success({ bindings: script.bindings.map(({ text, ...one }) => (one.type === 'secret_text' ? one : { ...one, text })), tags: script.tags }) // biome-ignore format: one line
    case 'script-settings': {
      const { tags = script.tags } = (json() ?? {}) as { tags?: string[] }
      if (method === 'PATCH') script.tags = tags
      return success({ tags, logpush: false, observability: { enabled: true } })
    }
    case 'deployments':
      return success(method === 'POST' ? { id: randomUUID() } : { deployments: [] })
    default:
  }
  if (method !== 'DELETE') return refusal(405, 10405, 'Method not allowed')
  scripts.splice(scripts.indexOf(script), 1)
  return success({ id: named })
}

const shown = ({ id, tags, created_on, migration_tag }: UploadedScript) => ({
  id,
  tags,
  created_on,
  ...(migration_tag && { migration_tag }),
})

async function upload(
  { scripts, uploads }: Account,
  name: string,
  script: UploadedScript | undefined,
  body: Buffer,
  contentType: string,
  checked: (type: string, value: unknown, what: string) => string | undefined,
): Promise<CloudflareAnswer> {
  if (!contentType.startsWith('multipart/form-data'))
    return refusal(415, 10001, 'Content-Type must be multipart/form-data')
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  const entries = [...form] as [string, File | string][]
  // wrangler sends a field, and curl in Cloudflare's docs a file
  const field = form.get('metadata') as File | string | null
  if (field === null) return refusal(400, 10021, 'no metadata')
  const metadata = JSON.parse(typeof field === 'string' ? field : await field.text()) as Metadata
  uploads.push({
    metadata,
    parts: entries.map(([name, part]) =>
      typeof part === 'string' ? { name } : { name, file: part.name, type: part.type },
    ),
  })
  // wrangler 4.164 sends it, and npm's types of 7.3.0 do not have it
  const { code_update_strategy: _, ...known } = metadata as Metadata & { code_update_strategy?: object }
  const problem = checked('scriptMetadata', known, 'upload')
  if (problem) return refusal(400, 10021, problem)
  const module = form.get(metadata.main_module) as File | string | null
  if (module === null || typeof module === 'string' || module.type !== 'application/javascript+module')
    return refusal(400, 10021, 'no such module')
  const before = script?.migration_tag
  const { migrations, bindings, keep_bindings = [], tags = script?.tags ?? [] } = metadata
  if (migrations && migrations.old_tag !== before)
    return refusal(412, 10079, `Migration tag precondition failed; current tag is '${before ?? ''}'`)
  const needsClass = bindings.some(({ type }) => type === 'durable_object_namespace')
  if (needsClass && !migrations && before === undefined)
    return refusal(400, 10061, 'Cannot create binding for class that does not exist')
  const kept = (script?.bindings ?? []).filter(
    ({ name, type }) => keep_bindings.includes(type) && !bindings.some(one => one.name === name),
  )
  const tag = migrations?.new_tag ?? before
  const uploaded = {
    module: await module.text(),
    bindings: [...bindings, ...kept],
    tags,
    ...(tag !== undefined && { migration_tag: tag }),
  }
  if (script) Object.assign(script, uploaded)
  else scripts.push({ id: name, created_on: '2026-11-01T00:00:00.000Z', schedules: [], isOnWorkersDev: false, ...uploaded }) // biome-ignore format: one line
  const etag = randomUUID()
  return success({
    id: name,
    etag,
    deployment_id: randomUUID(),
    startup_time_ms: 1,
    resources: { script: { etag } },
    metadata: { has_preview: false },
  })
}
