package balancingexporter

import (
	"context"
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

type balancer struct {
	*gateways
	waiting []exporter.Traces
}

func (b *balancer) start(ctx context.Context, host component.Host) error {
	if err := b.gateways.start(ctx, host); err != nil {
		return err
	}
	for _, queue := range b.waiting {
		if err := queue.Start(ctx, host); err != nil {
			return err
		}
	}
	return nil
}

func (b *balancer) shutdown(ctx context.Context) error {
	var errs error
	for _, queue := range b.waiting {
		errs = errors.Join(errs, queue.Shutdown(ctx))
	}
	return errors.Join(errs, b.gateways.shutdown(ctx))
}

// split sends each gateway its part. What one does not take waits in a queue, and holds up nothing that comes after it.
func (b *balancer) split(ctx context.Context, td ptrace.Traces) error {
	return b.each(td, func(g *gateway, part ptrace.Traces) error {
		err := errAway
		if !g.isAway() {
			err = g.send(ctx, part)
		}
		if err == nil || b.waiting[g.lane].ConsumeTraces(ctx, part) == nil {
			return nil
		}
		return err
	})
}

// deliver is for what waits: it goes to whichever gateway it belongs to now.
func (b *balancer) deliver(ctx context.Context, td ptrace.Traces) error {
	return b.each(td, func(g *gateway, part ptrace.Traces) error { return g.send(ctx, part) })
}

// each gives every gateway its part, all at once, and gives back the parts that failed, which alone are tried again.
func (b *balancer) each(td ptrace.Traces, give func(*gateway, ptrace.Traces) error) error {
	parts := b.parts(td)
	if len(parts) == 0 {
		return errors.New("no gateway is known")
	}
	var lock sync.Mutex
	var lost, errs error
	failed := ptrace.NewTraces()
	var all sync.WaitGroup
	for g, part := range parts {
		all.Go(func() {
			defer g.inFlight.Done()
			err := give(g, part)
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil:
			case consumererror.IsPermanent(err):
				lost = errors.Join(lost, err)
			default:
				errs = errors.Join(errs, err)
				part.ResourceSpans().MoveAndAppendTo(failed.ResourceSpans())
			}
		})
	}
	all.Wait()
	if errs == nil {
		return lost
	}
	if lost != nil {
		b.set.Logger.Error("A gateway refused its part for good. Dropping data.", zap.Error(lost))
	}
	return consumererror.NewTraces(errs, failed)
}

// parts copies the spans for each gateway, which has one more in flight for it.
func (b *balancer) parts(td ptrace.Traces) map[*gateway]ptrace.Traces {
	b.lock.RLock()
	defer b.lock.RUnlock()
	parts := map[*gateway]ptrace.Traces{}
	if len(b.known) == 0 {
		return parts
	}
	of := map[pcommon.TraceID]*gateway{}
	for _, resource := range td.ResourceSpans().All() {
		for _, scope := range resource.ScopeSpans().All() {
			spans := map[*gateway]ptrace.SpanSlice{}
			for _, span := range scope.Spans().All() {
				g, ok := of[span.TraceID()]
				if !ok {
					g = b.of(span.TraceID())
					of[span.TraceID()] = g
				}
				to, ok := spans[g]
				if !ok {
					part, ok := parts[g]
					if !ok {
						part = ptrace.NewTraces()
						parts[g] = part
						g.inFlight.Add(1)
					}
					to = headed(part, resource, scope)
					spans[g] = to
				}
				span.CopyTo(to.AppendEmpty())
			}
		}
	}
	return parts
}

func headed(part ptrace.Traces, resource ptrace.ResourceSpans, scope ptrace.ScopeSpans) ptrace.SpanSlice {
	toResource := part.ResourceSpans().AppendEmpty()
	resource.Resource().CopyTo(toResource.Resource())
	toResource.SetSchemaUrl(resource.SchemaUrl())
	toScope := toResource.ScopeSpans().AppendEmpty()
	scope.Scope().CopyTo(toScope.Scope())
	toScope.SetSchemaUrl(scope.SchemaUrl())
	return toScope.Spans()
}
