// An agent over OpenAI's own client of the Responses WebSocket, whose tool finds nothing each time that the model asks.
const OpenAI = require('openai').default
const { ResponsesWS } = require('openai/resources/responses/ws')

async function main() {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${process.env.URL}/v1` })
  const socket = new ResponsesWS(client)
  let input = 'tool'
  let previous_response_id
  for (let asked = 0; asked < 5; asked++) {
    socket.send({ type: 'response.create', model: 'gpt-5', store: false, input, previous_response_id })
    const { response } = await new Promise(resolve => socket.once('response.completed', resolve))
    const [{ call_id }] = response.output
    previous_response_id = response.id
    input = [{ type: 'function_call_output', call_id, output: 'nothing' }]
  }
  socket.close()
  console.log(previous_response_id)
}
main()
