// A Prometheus that takes metrics and never answers, which the review suspected to fill the memory of `up`. It is a process of its own, and
// says how many requests it has.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { startPrometheus } from '../../../src/backend/prometheus-process'
import { freePorts } from '../../support/ports'

const slow = `#!${process.execPath}
const address = process.argv.find(argument => argument.startsWith('--web.listen-address=')).split('=')[1]
const [host, port] = address.split(':')
let taken = 0
require('http').createServer((request, response) => {
  request.resume()
  if (request.url.endsWith('/-/ready')) return response.end('ready')
  if (request.url.endsWith('/taken')) return response.end(String(taken))
  taken++
}).listen(port, host)
`

it('F12: has no more handed over to it than it may keep waiting, which is said once', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-slow-prometheus-'))
  const binary = path.join(folder, 'prometheus')
  writeFileSync(binary, slow)
  chmodSync(binary, 0o755)
  const [port] = await freePorts(1)
  const lines: string[] = []
  const url = `http://127.0.0.1:${port}`
  const say = (line: string) => void lines.push(line)
  const config = () => ''
  const prometheus = await startPrometheus({ binary, url, folder, days: 0, rules: {}, config, flags: [], say })
  expect(lines).toEqual([])
  try {
    for (let n = 0; n < 40; n++) prometheus!.forward(Buffer.alloc(4 * 2 ** 20))
    const taken = () => fetch(`${url}/taken`).then(response => response.text())
    await expect.poll(taken, { timeout: 20_000 }).toBe('8')
    expect(lines).toEqual(['Prometheus does not take all metrics (it is slower than they come)'])
  } finally {
    await prometheus!.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
