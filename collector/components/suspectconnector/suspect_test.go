package suspectconnector

import (
	"context"
	"testing"
	"time"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

type sink struct{ spans int }

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *sink) ConsumeTraces(_ context.Context, td ptrace.Traces) error {
	s.spans += td.SpanCount()
	return nil
}

func passes(t *testing.T, config Config, change func(resource pcommon.Map, span ptrace.Span)) bool {
	t.Helper()
	if err := config.Validate(); err != nil {
		t.Fatal(err)
	}
	to := &sink{}
	made, err := newSuspect(t.Context(), connector.Settings{}, &config, to)
	if err != nil {
		t.Fatal(err)
	}
	td := ptrace.NewTraces()
	resource := td.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "chat-api")
	span := resource.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	now := pcommon.NewTimestampFromTime(time.Now())
	span.SetStartTimestamp(now)
	span.SetEndTimestamp(now)
	if err := span.Attributes().FromRaw(map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini",
		"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 0, "afn.llm.cost.total": 0.1,
	}); err != nil {
		t.Fatal(err)
	}
	change(resource.Resource().Attributes(), span)
	if err := made.ConsumeTraces(t.Context(), td); err != nil {
		t.Fatal(err)
	}
	return to.spans == 1
}

func TestPassesOnWhatMayBreakARule(t *testing.T) {
	every := Config{Rules: ofEverySpan, Ahead: 5 * time.Minute, Behind: 7 * 24 * time.Hour}
	withCanary := every
	withCanary.Canary = "jane@example.com"
	llm := Config{Rules: ofLLMSpans}
	at := func(d time.Duration) func(pcommon.Map, ptrace.Span) {
		return func(_ pcommon.Map, span ptrace.Span) {
			span.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(d)))
			span.SetEndTimestamp(span.StartTimestamp())
		}
	}
	with := func(key string, value any) func(pcommon.Map, ptrace.Span) {
		return func(_ pcommon.Map, span ptrace.Span) {
			if value == nil {
				span.Attributes().Remove(key)
				return
			}
			to, _ := span.Attributes().GetOrPutEmpty(key)
			if err := to.FromRaw(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	service := func(name string) func(pcommon.Map, ptrace.Span) {
		return func(resource pcommon.Map, _ ptrace.Span) { resource.PutStr("service.name", name) }
	}
	nothing := func(pcommon.Map, ptrace.Span) {}
	for _, one := range []struct {
		name   string
		config Config
		change func(pcommon.Map, ptrace.Span)
		want   bool
	}{
		{"a span as it should be", every, nothing, false},
		{"a call as it should be", llm, nothing, false},
		{"no service", every, func(resource pcommon.Map, _ ptrace.Span) { resource.Clear() }, true},
		{"an empty service", every, service(""), true},
		{"an unknown service", every, service("unknown_service:node"), true},
		{"an end before the start", every, func(_ pcommon.Map, span ptrace.Span) { span.SetEndTimestamp(span.StartTimestamp() - 1) }, true},
		{"the future", every, at(6 * time.Minute), true},
		{"the past", every, at(-8 * 24 * time.Hour), true},
		{"yesterday", every, at(-24 * time.Hour), false},
		{"the mark of a canary", every, with("afn.dq.canary", true), true},
		{"anything, where there is a canary", withCanary, nothing, true},
		{"no model", llm, with("gen_ai.request.model", nil), true},
		{"no cost", llm, with("afn.llm.cost.total", nil), true},
		{"negative tokens", llm, with("gen_ai.usage.output_tokens", -1), true},
		{"tokens in a text", llm, with("gen_ai.usage.output_tokens", "12"), true},
		{"a cost in a text", llm, with("afn.llm.cost.total", "0.1"), true},
		{"a score in a text", llm, with("gen_ai.evaluation.score.value", "0.1"), true},
		{"a score of an event in a text", llm, func(_ pcommon.Map, span ptrace.Span) {
			span.Events().AppendEmpty().Attributes().PutStr("gen_ai.evaluation.score.value", "0.1")
		}, true},
		{"no call", llm, func(_ pcommon.Map, span ptrace.Span) { span.Attributes().Clear() }, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			if passes(t, one.config, one.change) != one.want {
				t.Errorf("passed on: %v", !one.want)
			}
		})
	}
}

func TestRefusesRulesThatThereAreNot(t *testing.T) {
	for _, config := range []Config{{}, {Rules: "none"}, {Rules: ofEverySpan}} {
		if config.Validate() == nil {
			t.Errorf("%v is taken", config)
		}
	}
}
