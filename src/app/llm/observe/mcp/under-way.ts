// Requests until they are answered, and subscriptions until they are closed. A notification without a context is assigned to one of them.
import type { Context } from '@opentelemetry/api'
import { doc } from '../../wire/json'
import type { Role } from './metrics'
import type { Endpoint, Message } from './requests'

/** The key with which a notification names its subscription. */
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId'

const all = new WeakMap<Endpoint, Map<string, Context>>()

/** @returns a function that ends it */
export function isUnderWay(endpoint: Endpoint, role: Role, id: unknown, inside: Context): () => void {
  if (id === undefined) return () => {}
  const key = `${role} ${id}`
  const requests = all.get(endpoint) ?? new Map<string, Context>()
  all.set(endpoint, requests)
  requests.set(key, inside)
  return () => requests.delete(key)
}

/** The context of the request that a notification refers to: the receiver's, or for a cancellation the sender's. */
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
