package acceptedconnector

import (
	"context"
	"errors"
	"testing"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"
)

// A sink keeps how many spans came, or refuses them.
type sink struct {
	spans   int
	refuses error
	mutates bool
}

func (s *sink) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: s.mutates}
}

func (s *sink) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.refuses != nil {
		return s.refuses
	}
	s.spans += td.SpanCount()
	if s.mutates {
		td.ResourceSpans().RemoveIf(func(ptrace.ResourceSpans) bool { return true })
	}
	return nil
}

func send(t *testing.T, ctx context.Context, first, behind *sink) error {
	t.Helper()
	id := func(name string) pipeline.ID { return pipeline.NewIDWithName(pipeline.SignalTraces, name) }
	router := connector.NewTracesRouter(map[pipeline.ID]consumer.Traces{id("first"): first, id("behind"): behind})
	set := connector.Settings{TelemetrySettings: component.TelemetrySettings{Logger: zap.NewNop()}}
	made, err := newAccepted(t.Context(), set, &Config{First: id("first"), Behind: []pipeline.ID{id("behind")}}, router)
	if err != nil {
		t.Fatal(err)
	}
	td := ptrace.NewTraces()
	td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	return made.ConsumeTraces(ctx, td)
}

func TestWhatTheFirstRefusesNobodyGets(t *testing.T) {
	behind := &sink{}
	if send(t, t.Context(), &sink{refuses: errors.New("no space left on device")}, behind) == nil {
		t.Error("the sender was told that it was taken")
	}
	if behind.spans != 0 {
		t.Errorf("%d spans went on", behind.spans)
	}
}

func TestWhatTheFirstTakesIsTakenWhateverComesBehind(t *testing.T) {
	first := &sink{mutates: true}
	if err := send(t, t.Context(), first, &sink{refuses: errors.New("full")}); err != nil {
		t.Errorf("its sender would send it again: %v", err)
	}
	behind := &sink{}
	if err := send(t, t.Context(), first, behind); err != nil || first.spans != 2 || behind.spans != 1 {
		t.Errorf("%d came first, %d behind: %v", first.spans, behind.spans, err)
	}
}
