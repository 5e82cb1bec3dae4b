// In the browser, before the page comes alive: sessions, errors, Web Vitals, clicks, requests. They go to /api/otel.
import { initializeMonitor } from '@afn/otel/browser'

initializeMonitor({ serviceName: 'next-chat-web' })
