package trustconnector

import (
	"context"
	"errors"
	"math/rand"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
)

const rules = "abcdef012345"

// A sink keeps what comes to one pipeline.
type sink struct {
	got     []ptrace.Traces
	refuses error
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (s *sink) ConsumeTraces(_ context.Context, td ptrace.Traces) error {
	if s.refuses != nil {
		return s.refuses
	}
	s.got = append(s.got, td)
	return nil
}

// names are those of the spans that came, each with its resource and scope in front.
func (s *sink) names() map[string]int {
	names := map[string]int{}
	for _, td := range s.got {
		for _, resource := range td.ResourceSpans().All() {
			service, _ := resource.Resource().Attributes().Get("service.name")
			for _, scope := range resource.ScopeSpans().All() {
				for _, span := range scope.Spans().All() {
					names[service.Str()+"/"+scope.Scope().Name()+"/"+span.Name()]++
				}
			}
		}
	}
	return names
}

func started(t *testing.T) (consumer.Traces, map[string]*sink) {
	t.Helper()
	sinks := map[string]*sink{"redacted": {}, "llm": {}, "unredacted": {}}
	pipelines := map[pipeline.ID]consumer.Traces{}
	for name, to := range sinks {
		pipelines[pipeline.NewIDWithName(pipeline.SignalTraces, name)] = to
	}
	id := func(name string) pipeline.ID { return pipeline.NewIDWithName(pipeline.SignalTraces, name) }
	config := &Config{Rules: rules, Redacted: id("redacted"), LLM: id("llm"), Unredacted: id("unredacted")}
	made, err := newTrust(t.Context(), connector.Settings{}, config, connector.NewTracesRouter(pipelines))
	if err != nil {
		t.Fatal(err)
	}
	return made, sinks
}

type one struct {
	service, scope, name string
	rules                string
	lastByte             byte
	attributes           map[string]any
}

func traces(t *testing.T, all ...one) ptrace.Traces {
	t.Helper()
	td := ptrace.NewTraces()
	for _, o := range all {
		resource := td.ResourceSpans().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", o.service)
		if o.rules != "" {
			resource.Resource().Attributes().PutStr(rulesKey, o.rules)
		}
		scope := resource.ScopeSpans().AppendEmpty()
		scope.Scope().SetName(o.scope)
		span := scope.Spans().AppendEmpty()
		span.SetName(o.name)
		span.SetTraceID([16]byte{1, 15: o.lastByte})
		if err := span.Attributes().FromRaw(o.attributes); err != nil {
			t.Fatal(err)
		}
	}
	return td
}

var call = map[string]any{"gen_ai.operation.name": "chat"}

func TestPassesABatchThatWasRedactedOnAsItCame(t *testing.T) {
	made, sinks := started(t)
	td := traces(t, one{"a", "s", "http", rules, 1, nil}, one{"a", "s", "chat", rules, 2, call})
	if err := made.ConsumeTraces(t.Context(), td); err != nil {
		t.Fatal(err)
	}
	if len(sinks["redacted"].got) != 1 || sinks["redacted"].got[0] != td {
		t.Error("the batch that all may read was copied")
	}
	if len(sinks["unredacted"].got) != 0 {
		t.Error("redacted spans are redacted again")
	}
	llm := sinks["llm"].names()
	if len(llm) != 1 || llm["a/s/chat"] != 1 {
		t.Errorf("the leg of LLM calls got %v", llm)
	}
	sinks["llm"].got[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).SetName("changed")
	if sinks["redacted"].names()["a/s/chat"] != 1 {
		t.Error("the leg of LLM calls changes what the stores read")
	}
}

func TestBelievesNeitherForeignRulesNorTheSample(t *testing.T) {
	made, sinks := started(t)
	td := traces(t,
		one{"a", "s", "believed", rules, 1, call},
		one{"a", "s", "sample", rules, 0, call},
		one{"b", "s", "other", "000000000000", 1, call},
		one{"c", "s", "none", "", 1, call},
	)
	if err := made.ConsumeTraces(t.Context(), td); err != nil {
		t.Fatal(err)
	}
	for pipeline, want := range map[string]string{
		"redacted": "a/s/believed", "llm": "a/s/believed", "unredacted": "a/s/sample b/s/other c/s/none",
	} {
		got := sinks[pipeline].names()
		for _, name := range strings.Fields(want) {
			if got[name] != 1 {
				t.Errorf("%s got %v, not %s", pipeline, got, want)
			}
		}
		if len(got) != len(strings.Fields(want)) {
			t.Errorf("%s got %v, not %s", pipeline, got, want)
		}
	}
	if td.SpanCount() != 4 {
		t.Error("what others may read was changed")
	}
}

func TestKnowsLLMSpansAsTheFilterOfTheConfigurationDoes(t *testing.T) {
	made, sinks := started(t)
	td := traces(t,
		one{"a", "s", "operation", rules, 1, call},
		one{"a", "s", "observation", rules, 1, map[string]any{"langfuse.observation.type": "span"}},
		one{"a", "s", "root", rules, 1, map[string]any{"afn.llm.local_root": true}},
		one{"a", "s", "no root", rules, 1, map[string]any{"afn.llm.local_root": false}},
		one{"a", "s", "a text", rules, 1, map[string]any{"afn.llm.local_root": "true"}},
		one{"a", "s", "empty", rules, 1, map[string]any{"gen_ai.operation.name": nil}},
		one{"a", "s", "http", rules, 1, map[string]any{"http.route": "/chat"}},
	)
	if err := made.ConsumeTraces(t.Context(), td); err != nil {
		t.Fatal(err)
	}
	got := sinks["llm"].names()
	if len(got) != 3 || got["a/s/operation"]+got["a/s/observation"]+got["a/s/root"] != 3 {
		t.Errorf("the leg of LLM calls got %v", got)
	}
}

func TestLosesAndDoublesNothing(t *testing.T) {
	made, sinks := started(t)
	random := rand.New(rand.NewSource(1))
	sent := 0
	for range 500 {
		var all []one
		for range random.Intn(20) {
			all = append(all, one{"a", "s", "x", []string{rules, rules, rules, "", "other"}[random.Intn(5)], byte(random.Intn(16)), call})
		}
		sent += len(all)
		if err := made.ConsumeTraces(t.Context(), traces(t, all...)); err != nil {
			t.Fatal(err)
		}
	}
	count := func(name string) (n int) {
		for _, td := range sinks[name].got {
			n += td.SpanCount()
		}
		return n
	}
	if count("redacted")+count("unredacted") != sent || count("llm") != count("redacted") {
		t.Errorf("of %d spans %d and %d came, %d to the leg of LLM calls", sent, count("redacted"), count("unredacted"), count("llm"))
	}
	if count("redacted") == 0 || count("unredacted") == 0 {
		t.Error("one of the two ways got nothing")
	}
}

func TestRefusesToBelieveSpansWithoutAMark(t *testing.T) {
	if (&Config{}).Validate() == nil {
		t.Error("empty rules are taken")
	}
}

func TestWhatIsRefusedIsNotCountedAsACall(t *testing.T) {
	made, sinks := started(t)
	sinks["redacted"].refuses = errors.New("no space left on device")
	td := ptrace.NewTraces()
	resource := td.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr(rulesKey, rules)
	span := resource.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetTraceID([16]byte{15: 1})
	span.Attributes().PutStr("gen_ai.operation.name", "chat")
	if made.ConsumeTraces(t.Context(), td) == nil || len(sinks["llm"].got) != 0 {
		t.Errorf("%d batches of calls went on", len(sinks["llm"].got))
	}
}
