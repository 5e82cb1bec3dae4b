import { Chat } from './chat'

export default function Page() {
  return (
    <main>
      <h1>Where to?</h1>
      <Chat />
    </main>
  )
}
