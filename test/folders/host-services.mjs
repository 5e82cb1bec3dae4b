// What a container host does for its containers, inside of the host's own network: a name server that knows the services that run,
// and published ports. They come as lines of JSON on stdin: {"names": {NAME: [ADDRESS]}, "ports": [[HOST, ADDRESS, CONTAINER]]}.
import { createSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

let names = {}
const published = new Map()

const [address] = process.argv.slice(2)
const dns = createSocket('udp4')
dns.on('message', (query, client) => dns.send(answerTo(query), client.port, client.address))
dns.bind(53, address, () => console.log('ready'))

/** RFC 1035, 4.1: A records of the names, and nothing else. */
function answerTo(query) {
  const labels = []
  let at = 12
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString('latin1'))
    at += length + 1
  }
  const question = query.subarray(12, at + 5)
  const isA = query.readUInt16BE(at + 1) === 1
  const found = names[labels.join('.').toLowerCase()]
  const answers = isA ? (found ?? []) : []
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  // an answer with authority; 3 is "no such name"
  header.writeUInt16BE(0x8580 | (found ? 0 : 3), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(answers.length, 6)
  const records = answers.map(ip =>
    Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...ip.split('.').map(Number)]),
  )
  return Buffer.concat([header, question, ...records])
}

createInterface({ input: process.stdin }).on('line', async line => {
  const message = JSON.parse(line)
  names = message.names
  await Promise.all(message.ports.map(publish))
  console.log('done')
})

function publish([host, ip, port]) {
  const target = { host: ip, port }
  if (published.has(host)) return Object.assign(published.get(host), target)
  published.set(host, target)
  const server = createServer(client => {
    const upstream = connect(published.get(host))
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  return new Promise(resolve => server.listen(host, '127.0.0.1', resolve))
}
