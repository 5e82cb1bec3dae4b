// Gemini Live by Google's own client: a turn, a call of a tool, an interruption, and a turn that is left.
const { GoogleGenAI, Modality } = require('@google/genai')

async function main() {
  const ai = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: process.env.URL } })
  const seen = []
  let overs = 0
  let words = 0
  const onmessage = ({ serverContent, toolCall, usageMetadata, ...others }) => {
    seen.push(Object.keys({ ...serverContent, ...others }).join())
    // its counts come last
    if (usageMetadata || toolCall) overs++
    if (serverContent?.modelTurn) words++
  }
  const until = async is => {
    while (!is()) await new Promise(resolve => setTimeout(resolve, 2))
  }
  const config = { responseModalities: [Modality.AUDIO], systemInstruction: 'be brief', temperature: 0.3 }
  const session = await ai.live.connect({ model: 'gemini-live-2.5-flash-preview', config, callbacks: { onmessage } })
  session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'hello there' }] }], turnComplete: true })
  await until(() => overs === 1)
  session.sendClientContent({ turns: 'tool' })
  await until(() => overs === 2)
  session.sendToolResponse({ functionResponses: [{ id: 'f1', name: 'weather', response: { degrees: 21 } }] })
  await until(() => overs === 3)
  session.sendRealtimeInput({ text: 'interrupt' })
  await until(() => overs === 4)
  const before = words
  session.sendClientContent({ turns: 'half' })
  await until(() => words > before)
  session.close()
  console.log([...new Set(seen)].sort().join(' '))
}
main()
