// jest runs tests in a global object of its own, with its own require.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runCLI } from 'jest'

const folder = path.join(process.cwd(), `jest-${process.pid}`)
mkdirSync(folder)
writeFileSync(path.join(folder, 'package.json'), '{}')
writeFileSync(
  path.join(folder, 'a.test.js'),
  `const http = require('http')
   const express = require('express')
   test('fetch can be mocked', async () => {
     const spy = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('mocked'))
     expect(await (await fetch('http://example.test')).text()).toBe('mocked')
     spy.mockRestore()
     expect(fetch.name).toBe('fetch')
   })
   jest.mock('https', () => ({ mocked: true }))
   test('modules can be mocked', () => expect(require('https')).toEqual({ mocked: true }))
   test('a server answers', async () => {
     const server = express().get('/', (request, response) => response.send('hi')).listen(0)
     expect(await (await fetch('http://127.0.0.1:' + server.address().port)).text()).toBe('hi')
     server.closeAllConnections()
     await new Promise(resolve => server.close(resolve))
   })
   test('fails', () => expect(1).toBe(2))`,
)
const { results } = await runCLI(
  { silent: true, reporters: [], runInBand: true, watchman: false, cache: false, _: [], $0: 'jest' },
  [folder],
)
for (const { assertionResults, testResults } of results.testResults) {
  for (const { title, status, failureMessages } of testResults ?? assertionResults)
    console.log(title, status, failureMessages[0]?.split('\n')[0])
}
rmSync(folder, { recursive: true })
