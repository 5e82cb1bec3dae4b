// The script of the monitoring Worker: its module, bindings, cron trigger and workers.dev route. The upload is a single request and
// therefore atomic; the trigger and the route are separate requests and read separately.
// https://developers.cloudflare.com/workers/configuration/multipart-upload-metadata/
import { createHash } from 'node:crypto'
import { ApiError } from './api-error'
import type { Client } from './client'
import { type Adapter, type DesiredResource, type Difference, isSame } from './resource'
import type { ZoneAndAccount } from './scopes'

export interface WantedScript extends DesiredResource {
  /** From `scriptName`. */
  readonly name: string
  /** The source of an ES module. */
  readonly module: string
  /** Binding name → class of the Durable Object. */
  readonly objects: Readonly<Record<string, string>>
  readonly texts: Readonly<Record<string, string>>
  /** Existing secrets that are not listed here stay. */
  readonly secrets: Readonly<Record<string, string>>
  /** Cron expressions. */
  readonly schedules: readonly string[]
}

interface Script {
  readonly id: string
  readonly tags?: readonly string[] | null
  readonly created_on?: string
}

interface Deployed extends Script {
  readonly schedules: readonly string[]
  readonly isOnWorkersDev: boolean
}

const COMPATIBILITY_DATE = '2026-01-01'
const MODULE = 'worker.mjs'

export const scriptName = (service: string): string => `afn-otel-${service}-monitor`

/**
 * The account's domain for Workers, such as `shop.workers.dev`.
 * @throws Error if the account has not chosen a name yet
 * @throws ApiError
 */
export async function workersDev(client: Client, { accountId }: ZoneAndAccount): Promise<string> {
  try {
    return `${(await client.get<{ subdomain: string }>(`/accounts/${accountId}/workers/subdomain`)).subdomain}.workers.dev`
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'not_found') throw error
    throw new Error(
      `the account has no subdomain of workers.dev yet, which the Worker would be below; choose one at https://dash.cloudflare.com/${accountId}/workers/onboarding`,
    )
  }
}

export function scripts(
  client: Client,
  { accountId }: ZoneAndAccount,
  service: string,
): Adapter<WantedScript, Deployed> {
  const path = `/accounts/${accountId}/workers/scripts`
  const mark = `afn-otel:${service}`

  async function upload(wanted: WantedScript, isNew: boolean): Promise<void> {
    try {
      await client.send('PUT', `${path}/${wanted.name}`, formOf(wanted, mark, isNew))
    } catch (error) {
      // an upload whose answer was lost has already created the class
      if (!isNew || !(error instanceof ApiError) || !error.errors.some(({ code }) => code === MIGRATED)) throw error
      await client.send('PUT', `${path}/${wanted.name}`, formOf(wanted, mark, false))
    }
  }
  async function rest({ name, schedules }: WantedScript, found?: Deployed): Promise<void> {
    if (!found || !isSame(found.schedules, schedules))
      await client.send('PUT', `${path}/${name}/schedules`, schedules.map(cron => ({ cron }))) // biome-ignore format: one line
    if (!found?.isOnWorkersDev)
      await client.send('POST', `${path}/${name}/subdomain`, { enabled: true, previews_enabled: false })
  }

  return {
    kind: 'Worker',
    permission: 'Workers Scripts',
    async read() {
      const all = await client.list<Script>(path)
      // only our own script needs more details
      return await Promise.all(
        all.map(async (script): Promise<Deployed> => {
          if (!script.tags?.includes(mark)) return { ...script, schedules: [], isOnWorkersDev: false }
          const { schedules } = await client.get<{ schedules: { cron: string }[] }>(`${path}/${script.id}/schedules`)
          const { enabled } = await client.get<{ enabled: boolean }>(`${path}/${script.id}/subdomain`)
          return { ...script, schedules: schedules.map(({ cron }) => cron), isOnWorkersDev: enabled }
        }),
      )
    },
    idOf: ({ id }) => id,
    nameOf: ({ id }) => id,
    createdOf: ({ created_on }) => created_on ?? '',
    isOurs: ({ tags }) => tags?.includes(mark) ?? false,
    isEqual: () => false,
    differences: (wanted, { tags, schedules, isOnWorkersDev }): Difference[] => {
      const before = tags?.find(tag => tag.startsWith(CONTENT))
      const after = contentOf(wanted)
      return [
        ...(before === after ? [] : [{ field: 'content', from: before?.slice(CONTENT.length), to: after.slice(CONTENT.length) }]), // biome-ignore format: one line
        ...(isSame(schedules, wanted.schedules) ? [] : [{ field: 'schedules', from: schedules, to: wanted.schedules }]),
        ...(isOnWorkersDev ? [] : [{ field: 'subdomain.enabled', from: false, to: true }]),
      ]
    },
    needs: () => [],
    unavailable: () => undefined,
    // an upload would replace a foreign program
    keepsOff: () => 'somebody else has made a Worker of this name; rename that one, or name another service',
    async create(wanted) {
      await upload(wanted, true)
      await rest(wanted)
      return wanted.name
    },
    async update(found, wanted) {
      if (!found.tags?.includes(contentOf(wanted))) await upload(wanted, false)
      await rest(wanted, found)
    },
    async remove(id) {
      // with its Durable Objects, which no other script can use
      await client.send('DELETE', `${path}/${id}?force=true`)
    },
  }
}

/** "Migration tag precondition failed" */
const MIGRATED = 10079
const CONTENT = 'afn-otel-content:'

/** A tag with a hash of the content, because Cloudflare does not show secrets for comparison. */
function contentOf({ module, objects, texts, secrets }: WantedScript): string {
  const content = JSON.stringify([COMPATIBILITY_DATE, module, sorted(objects), sorted(texts), sorted(secrets)])
  return `${CONTENT}${createHash('sha256').update(content).digest('hex').slice(0, 16)}`
}

const sorted = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** Builds the form like wrangler 4, because Cloudflare handles such uploads every day. */
function formOf(wanted: WantedScript, mark: string, isNew: boolean): FormData {
  const { module, objects, texts, secrets } = wanted
  const metadata = {
    main_module: MODULE,
    compatibility_date: COMPATIBILITY_DATE,
    bindings: [
      ...Object.entries(objects).map(([name, class_name]) => ({ type: 'durable_object_namespace', name, class_name })),
      ...Object.entries(texts).map(([name, text]) => ({ type: 'plain_text', name, text })),
      ...Object.entries(secrets).map(([name, text]) => ({ type: 'secret_text', name, text })),
    ],
    keep_bindings: ['secret_text', 'secret_key'],
    ...(isNew && { migrations: { new_tag: 'v1', steps: [{ new_sqlite_classes: Object.values(objects) }] } }),
    observability: { enabled: true },
    tags: [mark, contentOf(wanted)],
  }
  const form = new FormData()
  form.set('metadata', JSON.stringify(metadata))
  form.set(MODULE, new Blob([module], { type: 'application/javascript+module' }), MODULE)
  return form
}
