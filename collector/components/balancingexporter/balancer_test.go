package balancingexporter

import (
	"context"
	"errors"
	"math/rand"
	"testing"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

// A sink is a gateway, or a queue in front of one.
type sink struct {
	component.StartFunc
	component.ShutdownFunc
	spans   map[pcommon.TraceID]int
	refuses error
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (s *sink) ConsumeTraces(_ context.Context, td ptrace.Traces) error {
	if s.refuses != nil {
		return s.refuses
	}
	for _, resource := range td.ResourceSpans().All() {
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				s.spans[span.TraceID()]++
			}
		}
	}
	return nil
}

func newSink() *sink { return &sink{spans: map[pcommon.TraceID]int{}} }

// of makes a balancer of gateways by their addresses, and gives the sinks behind them and their queues.
func of(addresses ...string) (*balancer, []*sink, []*sink) {
	all := newGateways(&Config{}, exporter.Settings{TelemetrySettings: component.TelemetrySettings{Logger: zap.NewNop()}})
	b := &balancer{gateways: all}
	var sinks, queues []*sink
	for lane, address := range addresses {
		to, queue := newSink(), newSink()
		all.known[address] = &gateway{Traces: to, seed: seedOf(address), lane: lane}
		b.waiting = append(b.waiting, queue)
		sinks, queues = append(sinks, to), append(queues, queue)
	}
	return b, sinks, queues
}

// traces have two spans each, of two services.
func traces(n int) ptrace.Traces {
	random := rand.New(rand.NewSource(1))
	td := ptrace.NewTraces()
	web := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	api := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for range n {
		var id pcommon.TraceID
		random.Read(id[:])
		web.AppendEmpty().SetTraceID(id)
		api.AppendEmpty().SetTraceID(id)
	}
	return td
}

func total(sinks ...*sink) (spans int) {
	for _, one := range sinks {
		for _, n := range one.spans {
			spans += n
		}
	}
	return spans
}

func TestATraceIsWholeAtOneGatewayAndTheyHaveAboutAsMany(t *testing.T) {
	b, sinks, _ := of("10.0.0.1", "10.0.0.2", "10.0.0.3")
	if err := b.split(t.Context(), traces(3000)); err != nil {
		t.Fatal(err)
	}
	for n, to := range sinks {
		if len(to.spans) < 850 || len(to.spans) > 1150 || total(to) != 2*len(to.spans) {
			t.Errorf("gateway %d has %d spans of %d traces", n, total(to), len(to.spans))
		}
	}
}

func TestOneGatewayLessMovesItsTracesAlone(t *testing.T) {
	three, before, _ := of("10.0.0.1", "10.0.0.2", "10.0.0.3")
	two, after, _ := of("10.0.0.1", "10.0.0.2")
	if err := errors.Join(three.split(t.Context(), traces(900)), two.split(t.Context(), traces(900))); err != nil {
		t.Fatal(err)
	}
	for n := range after {
		for id := range before[n].spans {
			if after[n].spans[id] == 0 {
				t.Fatalf("a trace of gateway %d went to another", n)
			}
		}
	}
}

func TestWhatOneDoesNotTakeWaitsForItAlone(t *testing.T) {
	b, sinks, queues := of("10.0.0.1", "10.0.0.2")
	sinks[0].refuses = errors.New("away")
	for range 2 {
		if err := b.split(t.Context(), traces(100)); err != nil {
			t.Fatal(err)
		}
	}
	if total(sinks...)+total(queues...) != 400 || total(queues[1]) != 0 || total(queues[0]) == 0 || total(sinks[1]) == 0 {
		t.Errorf("%d and %d came, %d and %d wait", total(sinks[0]), total(sinks[1]), total(queues[0]), total(queues[1]))
	}
}

func TestOfWhatFindsNoQueueTheRestAloneIsTriedAgain(t *testing.T) {
	b, sinks, queues := of("10.0.0.1", "10.0.0.2")
	sinks[0].refuses, queues[0].refuses = errors.New("away"), errors.New("full")
	err := b.split(t.Context(), traces(100))
	var failed consumererror.Traces
	if !errors.As(err, &failed) || failed.Data().SpanCount()+total(sinks[1]) != 200 {
		t.Fatalf("%v: %d came", err, total(sinks[1]))
	}
	sinks[0].refuses = nil
	if err := b.deliver(t.Context(), failed.Data()); err != nil || total(sinks...) != 200 {
		t.Errorf("%v: %d came", err, total(sinks...))
	}
}
