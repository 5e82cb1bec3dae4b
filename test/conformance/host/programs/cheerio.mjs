// cheerio brings undici of its own.
import { createServer } from 'node:http'
import { fromURL, load } from 'cheerio'

const server = createServer((_, outgoing) => outgoing.setHeader('content-type', 'text/html').end('<h1>hi</h1>'))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
for (const turn of [1, 2]) {
  try {
    console.log(turn, (await fromURL(`http://127.0.0.1:${server.address().port}`))('h1').text())
  } catch (error) {
    console.log(turn, error.name, error.message)
  }
}
console.log(load('<b>x</b>')('b').text())
process.exit()
