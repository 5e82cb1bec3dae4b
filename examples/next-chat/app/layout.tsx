import { traceparentMetadata } from '@afn/otel/next'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import './style.css'

/** The page says in which trace it was made, so that its load joins it; a page of the build has none. */
export const generateMetadata = (): Metadata => ({
  title: 'Travel chat',
  icons: 'data:,',
  other: traceparentMetadata(),
})
export const dynamic = 'force-dynamic'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
