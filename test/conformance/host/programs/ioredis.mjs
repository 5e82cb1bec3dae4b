// A client of a server that nobody runs.
import Redis from 'ioredis'

const client = new Redis({
  host: '127.0.0.1',
  port: 1,
  lazyConnect: true,
  retryStrategy: () => null,
  maxRetriesPerRequest: 0,
})
const events = []
for (const event of ['connect', 'ready', 'error', 'close', 'end'])
  client.on(event, error => events.push(error ? `${event} ${error.code}` : event))
for (const attempt of [
  () => client.connect(),
  () => client.get('key'),
  async () => (await client.pipeline().set('a', 1).exec()).map(([error, value]) => [String(error), value]),
]) {
  try {
    console.log(await attempt())
  } catch (error) {
    console.log(error.name, error.code, error.message)
  }
}
console.log(events, Redis.name, client.status, client.sendCommand.name, client.sendCommand.length)
client.disconnect()
