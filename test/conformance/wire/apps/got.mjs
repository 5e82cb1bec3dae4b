import got from 'got'
import { plain, streamed, text, url } from './ask.mjs'
import { exit, run } from './run.mjs'

await run({
  got: name => got(url, plain(name)).json(),
  'got of a stream': name => text(got.stream(url, streamed(name))),
  'got http2': name => got(url, { ...plain(name), http2: true }).json(),
  'got http2, of a stream': name => text(got.stream(url, { ...streamed(name), http2: true })),
})
await exit() // its sessions of HTTP/2 stay open for a minute
