// In the place of the part in C++ of Lambda's runtime client, which npm would compile: the same three functions, by HTTP. Preloaded.
const { Module } = require('node:module')
const { request } = require('node:http')

const resolve = Module._resolveFilename
Module._resolveFilename = function (name, ...rest) {
  return name === './rapid-client.node' ? __filename : Reflect.apply(resolve, this, [name, ...rest])
}

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')
/** What was posted last: the next invocation is asked for when that has been taken. */
let posted = Promise.resolve()

function send(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path: `/2018-06-01/runtime/invocation/${path}`, headers, agent: false },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', data => {
          text += data
        })
        response.on('end', () => resolve({ bodyJson: text, headers: response.headers }))
      },
    )
    sent.on('error', reject).end(body)
  })
}

exports.next = () => posted.then(() => send('GET', 'next'))
exports.done = (id, body) => {
  posted = send('POST', `${id}/response`, body)
}
exports.error = (id, body) => {
  posted = send('POST', `${id}/error`, body)
}
