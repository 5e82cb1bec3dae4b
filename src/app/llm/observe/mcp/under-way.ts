// Requests until they are answered, and subscriptions until they are closed, by which a notification that carries no context is told to
// belong to them.
import type { Context } from '@opentelemetry/api'
import { doc } from '../../wire/json'
import type { Role } from './metrics'
import type { Endpoint, Message } from './requests'

/** Under which a notification names the subscription that it is for. */
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId'

const all = new WeakMap<Endpoint, Map<string, Context>>()

/** @returns ends it */
export function isUnderWay(endpoint: Endpoint, role: Role, id: unknown, inside: Context): () => void {
  if (id === undefined) return () => {}
  const key = `${role} ${id}`
  const requests = all.get(endpoint) ?? new Map<string, Context>()
  all.set(endpoint, requests)
  requests.set(key, inside)
  return () => requests.delete(key)
}

/** What is active in the request that a notification is about: the receiver's own, or, if it is cancelled, the sender's. */
export function requestOf(endpoint: Endpoint, { method, params }: Message): Context | undefined {
  const [role, id] =
    method === 'notifications/cancelled'
      ? (['server', params?.requestId] as const)
      : (['client', params?.progressToken] as const)
  return id === undefined ? undefined : all.get(endpoint)?.get(`${role} ${id}`)
}

export function subscriptionOf(endpoint: Endpoint, { params }: Message): Context | undefined {
  return all.get(endpoint)?.get(`client ${doc(params?._meta)?.[SUBSCRIPTION]}`)
}
