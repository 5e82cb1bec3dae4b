// OpenAI's Responses API over a plain WebSocket of the client that CLIENT names: turns one after the other, two lanes at once,
// a refusal, and a connection that is lost. Says all that it sees.
const { CLIENT, URL } = process.env
const WebSocket = CLIENT === 'global' ? globalThis.WebSocket : require(CLIENT).WebSocket || require(CLIENT)

async function main() {
  const socket = new WebSocket(`${URL}/v1/responses`)
  const lanes = {}
  const seen = []
  let wake = () => {}
  let answers = 0
  socket.onopen = event => {
    seen.push(event.type, event.target === socket)
    ask({ model: 'gpt-5', input: 'one' })
  }
  socket.onmessage = event => {
    const { type, stream_id = '', delta, response } = JSON.parse(event.data)
    lanes[stream_id] = [
      ...(lanes[stream_id] || []),
      [type, delta, response?.id, typeof event.data, event.target === socket],
    ]
    if (type === 'response.completed' || type === 'error') wake(++answers)
  }
  socket.onerror = event => seen.push(event.type)
  const closed = new Promise(resolve => {
    socket.onclose = ({ type, code }) => resolve(seen.push(type, code))
  })
  const answered = async wanted => {
    while (answers < wanted) await new Promise(resolve => (wake = resolve))
  }
  const ask = body => socket.send(JSON.stringify({ type: 'response.create', ...body }))
  await answered(1)
  ask({ model: 'gpt-5', input: 'two', previous_response_id: 'resp_1' })
  await answered(2)
  ask({ model: 'gpt-5', input: 'three', stream_id: 'a' })
  socket.send(
    Buffer.from(
      JSON.stringify({ type: 'response.create', model: 'gpt-5-mini', input: 'é'.repeat(40_000), stream_id: 'b' }),
    ),
  )
  ask({ model: 'gpt-5', input: 'refuse', stream_id: 'a' })
  await answered(5)
  ask({ model: 'gpt-5', input: 'cut' })
  await closed
  try {
    ask({ model: 'gpt-5', input: 'too late' })
  } catch (error) {
    seen.push(error.name)
  }
  console.log(
    JSON.stringify(
      [
        seen,
        Object.keys(lanes)
          .sort()
          .map(name => lanes[name]),
      ],
      null,
      1,
    ),
  )
}
main()
