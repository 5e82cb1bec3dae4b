// A client of a server that nobody runs.
import { createClient } from 'redis'

const client = createClient({ socket: { host: '127.0.0.1', port: 1, reconnectStrategy: false } })
client.on('error', error => console.log('event', error.name, error.code, error.message))
try {
  await client.connect()
} catch (error) {
  console.log('connect', error.name, error.code, error.message)
}
try {
  await client.get('key')
} catch (error) {
  console.log('get', error.name, error.code, error.message)
}
console.log(createClient.name, createClient.length, client.isOpen, client.isReady, typeof client.multi().exec)
