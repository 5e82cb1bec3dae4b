// The Responses API by OpenAI's own client, which connects again when the connection is lost.
const OpenAI = require('openai').default
const { ResponsesWS } = require('openai/resources/responses/ws')

async function main() {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${process.env.URL}/v1` })
  const socket = new ResponsesWS(client, { reconnect: { initialDelay: 10, onReconnecting() {} } })
  const heard = type => new Promise(resolve => socket.once(type, resolve))
  const ask = input => socket.send({ type: 'response.create', model: 'gpt-5', input })
  ask('one')
  await heard('response.completed')
  ask('cut')
  await heard('reconnected')
  ask('two')
  const { response } = await heard('response.completed')
  socket.close()
  console.log(response.output[0].content[0].text)
}
main()
