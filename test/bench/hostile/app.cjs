// The server that is measured: an app that answers and does nothing else. Sends its CPU time when its parent requests it.
const http = require('node:http')

const server = http.createServer((_request, response) => response.end('ok'))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpu: user + system })
})
