// Answers that nock gives in the place of servers.
import http from 'node:http'
import nock from 'nock'

nock.disableNetConnect()
nock('http://example.test')
  .get('/a')
  .times(2)
  .reply(200, { a: 1 }, { 'x-a': '1' })
  .post('/b', { b: 1 })
  .reply(201, 'b')
  .get('/e')
  .replyWithError('mine')
const call = (path, options = {}, body) =>
  new Promise(resolve => {
    const request = http.request(`http://example.test${path}`, options, answer => {
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve([answer.statusCode, answer.headers['x-a'], text]))
    })
    request.on('error', error => resolve([error.name, error.code, error.message.split('\n')[0]]))
    request.end(body)
  })
console.log(await call('/a'))
console.log(await call('/b', { method: 'POST', headers: { 'content-type': 'application/json' } }, '{"b":1}'))
console.log(await call('/e'))
console.log(await call('/none'))
try {
  console.log(await (await fetch('http://example.test/a')).text())
} catch (error) {
  console.log(error.name, error.cause?.code)
}
console.log(nock.pendingMocks(), nock.isDone())
nock.cleanAll()
nock.restore()
console.log(http.request.name, nock.isActive())
