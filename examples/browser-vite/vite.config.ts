import { defineConfig } from 'vite'

// The page sends to its own origin, and Vite passes it on with its Host, by which the receiver tells this page from those of other sites.
// In production the web server does this, or `otlpHandler` of @afn/otel/next.
const proxy = {
  '/api/otel': {
    target: process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://localhost:4318',
    rewrite: (path: string) => path.replace('/api/otel', ''),
  },
}

export default defineConfig({ server: { proxy }, preview: { proxy } })
