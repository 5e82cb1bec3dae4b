// Answers and errors of node-fetch.
import { createServer } from 'node:http'
import fetched from 'node-fetch'

const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/broken') return outgoing.destroy()
  if (incoming.url === '/moved') outgoing.writeHead(302, { location: '/json' })
  outgoing.end(JSON.stringify({ method: incoming.method, url: incoming.url }))
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
for (const [path, options] of [
  ['/json'],
  ['/json', { method: 'POST', body: 'x' }],
  ['/moved'],
  ['/broken'],
  ['/json', { method: 'GET', body: 'x' }],
]) {
  try {
    const answer = await fetched(url + path, options)
    console.log(path, answer.status, answer.redirected, await answer.text())
  } catch (error) {
    console.log(path, error.name, error.type, error.code, error.message.replaceAll(url, 'URL'))
  }
}
await fetched('http://127.0.0.1:1').catch(error => console.log(error.name, error.type, error.code, error.message))
server.closeAllConnections()
server.close()
