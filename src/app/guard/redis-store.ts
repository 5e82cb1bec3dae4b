// The sums of budgets in Redis (or Valkey), for several processes. Each step is a script, which Redis runs as one.
import type { BudgetStore } from './store'

/** A client of the app: `ioredis`, or the npm package `redis`. */
export type RedisClient =
  | { call(command: string, ...args: (string | number)[]): Promise<unknown> }
  | { sendCommand(args: string[]): Promise<unknown> }

/**
 * KEYS: a hash of the sums (`spent`, `reserved`) and of what is reserved by call; a sorted set of calls by the moment in which their lease
 * ends. What a dead process has reserved is given back by whoever comes next. Redis' own clock counts, since processes differ.
 */
const giveBack = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  local amount = redis.call('HGET', KEYS[1], 'call:' .. id)
  if amount then redis.call('HINCRBY', KEYS[1], 'reserved', -tonumber(amount)) end
  redis.call('HDEL', KEYS[1], 'call:' .. id)
  redis.call('ZREM', KEYS[2], id)
end
local function sum(name) return tonumber(redis.call('HGET', KEYS[1], name) or '0') end
`
const keep = `
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
redis.call('PEXPIREAT', KEYS[2], ARGV[1])
`
const reserve = `${giveBack}
local amount = tonumber(ARGV[3])
local granted = 0
if sum('spent') + sum('reserved') + amount <= tonumber(ARGV[4]) then
  granted = 1
  redis.call('HINCRBY', KEYS[1], 'reserved', ARGV[3])
  redis.call('HSET', KEYS[1], 'call:' .. ARGV[2], ARGV[3])
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), ARGV[2])
  ${keep}
end
return { granted, tostring(sum('spent')), tostring(sum('reserved')) }`
const settle = `
local amount = redis.call('HGET', KEYS[1], 'call:' .. ARGV[2])
if amount then redis.call('HINCRBY', KEYS[1], 'reserved', -tonumber(amount)) end
redis.call('HDEL', KEYS[1], 'call:' .. ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('HINCRBY', KEYS[1], 'spent', ARGV[3])
${keep}
return 1`
const renew = `${giveBack}
for i = 2, #ARGV do
  if redis.call('ZSCORE', KEYS[2], ARGV[i]) then redis.call('ZADD', KEYS[2], now + tonumber(ARGV[1]), ARGV[i]) end
end
return 1`
const sums = `${giveBack}
return { tostring(sum('spent')), tostring(sum('reserved')) }`

/**
 * Budgets that processes share by Redis 5 or newer.
 * @param client connected by the app, which closes it
 * @param prefix of the keys; apps that share a Redis and have budgets of the same name need different ones
 */
export function redisBudgets(client: RedisClient, prefix = 'afn:budget:'): BudgetStore {
  const send = (args: (string | number)[]): Promise<unknown> =>
    'call' in client ? client.call(...(args as [string, ...(string | number)[]])) : client.sendCommand(args.map(String))
  // in a cluster, keys of one script have to lie in one place: that of what stands in braces
  const run = (script: string, key: string, ...args: (string | number)[]) =>
    send(['EVAL', script, 2, `${prefix}{${key}}`, `${prefix}{${key}}:leases`, ...args])
  return {
    async reserve({ key, id, amount, limit, lease, until }) {
      const [granted, spent, reserved] = (await run(reserve, key, until, id, amount, limit, lease)) as unknown[]
      return { granted: Number(granted) === 1, spent: Number(spent), reserved: Number(reserved) }
    },
    async settle({ key, id, until }, cost) {
      await run(settle, key, until, id, cost)
    },
    async renew(reservations) {
      const ids = new Map<string, { readonly lease: number; readonly ids: string[] }>()
      for (const { key, id, lease } of reservations) {
        const known = ids.get(key) ?? { lease, ids: [] }
        known.ids.push(id)
        ids.set(key, known)
      }
      await Promise.all([...ids].map(([key, of]) => run(renew, key, of.lease, ...of.ids)))
    },
    async sums(key) {
      const [spent, reserved] = (await run(sums, key)) as unknown[]
      return { spent: Number(spent), reserved: Number(reserved) }
    },
  }
}
