// Package pick copies a few spans out of many. The Collector's own way is to copy all of them and to remove most.
package pick

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Predicate is asked of each span, with the attributes of its resource.
type Predicate func(resource pcommon.Map, span ptrace.Span) bool

// Spans copies the spans for which is holds, below copies of their resources and scopes. It changes nothing in td.
func Spans(td ptrace.Traces, is Predicate) ptrace.Traces {
	picked := ptrace.NewTraces()
	for _, resource := range td.ResourceSpans().All() {
		var toResource ptrace.ResourceSpans
		hasResource := false
		for _, scope := range resource.ScopeSpans().All() {
			var to ptrace.SpanSlice
			hasScope := false
			for _, span := range scope.Spans().All() {
				if !is(resource.Resource().Attributes(), span) {
					continue
				}
				if !hasResource {
					toResource, hasResource = picked.ResourceSpans().AppendEmpty(), true
					resource.Resource().CopyTo(toResource.Resource())
					toResource.SetSchemaUrl(resource.SchemaUrl())
				}
				if !hasScope {
					toScope := toResource.ScopeSpans().AppendEmpty()
					scope.Scope().CopyTo(toScope.Scope())
					toScope.SetSchemaUrl(scope.SchemaUrl())
					to, hasScope = toScope.Spans(), true
				}
				span.CopyTo(to.AppendEmpty())
			}
		}
	}
	return picked
}
