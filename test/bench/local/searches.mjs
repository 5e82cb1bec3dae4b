// What test/bench/local.mjs looks for, by the way in which a backend has to look: in columns of their own, in attributes that
// nobody knew before, with expressions, and along the tree.
export const searches = {
  promoted: [
    '{ status = unset }',
    '{ status = error }',
    '{ duration > 2900ms }',
    '{ name = "chat" }',
    '{ resource.service.name = "billing" }',
    '{ span.gen_ai.request.model = "model-7" }',
    '{ span.user.id = "user-77" }',
    '{ span.session.id = "session-4242" }',
    '{ span.gen_ai.usage.input_tokens > 3990 }',
    '{ span.afn.llm.cost.total > 0.0199 }',
    '{ span.http.response.status_code = 500 && span.http.route = "/route-3" }',
    '{ span.user.id = "nobody" }',
  ],
  'arbitrary attribute': [
    '{ span.tenant.name = "tenant-77" }',
    '{ span.queue.depth = 76 && span.cache.hit = true }',
    '{ span.cache.ratio > 0.999 }',
    '{ .app.release = "2026.11.7" }',
    '{ span.db.query.text = "nothing" }',
    '{ span.never.seen = 1 }',
  ],
  'regular expression': [
    '{ span.user.id =~ "user-77.*" }',
    '{ span.url.full =~ ".*page=4999" }',
    '{ name =~ "POST .*-1[0-9]" }',
    '{ span.k8s.pod.name =~ ".*nothing.*" }',
  ],
  'structural operator': [
    '{ status = error } >> { span.gen_ai.tool.name = "tool-7" }',
    '{ name = "invoke_agent support" } > { span.gen_ai.request.model = "model-7" }',
    '{ span.gen_ai.tool.name = "tool-7" } ~ { span.queue.depth = 5 }',
  ],
}
