// Package trustconnector sorts the spans of senders that are believed: those that were redacted by the rules of this
// configuration, those that the Collector has to redact itself, and those of LLM calls, which one store gets beside the others.
// A batch in which every span was redacted goes on as it came. Only what two places need is copied.
package trustconnector

import (
	"context"
	"errors"
	"fmt"

	"afn.internal/collector/pick"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
)

// rulesKey is the resource's attribute that says by which rules its spans were redacted.
const rulesKey = "afn.redaction.rules"

// Config names the rules, and the pipeline for each kind of span.
type Config struct {
	// Rules is the value of afn.redaction.rules that is believed.
	Rules string `mapstructure:"rules"`
	// Redacted gets what was redacted by these rules, as it came.
	Redacted pipeline.ID `mapstructure:"redacted"`
	// LLM gets a copy of those spans of Redacted that belong to LLM calls.
	LLM pipeline.ID `mapstructure:"llm"`
	// Unredacted gets the rest, and one trace in 256 of what Redacted would get.
	Unredacted pipeline.ID `mapstructure:"unredacted"`
}

// Validate refuses a configuration that would believe spans without a mark.
func (c *Config) Validate() error {
	if c.Rules == "" {
		return errors.New("rules must not be empty: a span without a mark would be taken for redacted")
	}
	return nil
}

// NewFactory makes the connector afn_trust.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		component.MustNewType("afn_trust"),
		func() component.Config { return &Config{} },
		connector.WithTracesToTraces(newTrust, component.StabilityLevelBeta),
	)
}

type trust struct {
	component.StartFunc
	component.ShutdownFunc
	rules                     string
	redacted, llm, unredacted consumer.Traces
}

func newTrust(_ context.Context, _ connector.Settings, cfg component.Config, next consumer.Traces) (connector.Traces, error) {
	router, ok := next.(connector.TracesRouterAndConsumer)
	if !ok {
		return nil, errors.New("afn_trust needs the pipelines that it names as its receivers")
	}
	c := cfg.(*Config)
	t := &trust{rules: c.Rules}
	for id, to := range map[pipeline.ID]*consumer.Traces{
		c.Redacted: &t.redacted, c.LLM: &t.llm, c.Unredacted: &t.unredacted,
	} {
		found, err := router.Consumer(id)
		if err != nil {
			return nil, fmt.Errorf("pipeline %q: %w", id, err)
		}
		*to = found
	}
	return t, nil
}

// Capabilities says that the data is never changed here. What a pipeline behind changes is a copy, or the data of that pipeline alone.
func (*trust) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: false} }

func (t *trust) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	redacted, unredacted := td, ptrace.Traces{}
	whole := t.isWhole(td)
	if !whole {
		redacted = pick.Spans(td, t.isRedacted)
		unredacted = pick.Spans(td, func(resource pcommon.Map, span ptrace.Span) bool { return !t.isRedacted(resource, span) })
	}
	llm := pick.Spans(redacted, isLLM)
	// What one refuses its sender sends again: no other counts it before.
	if redacted.ResourceSpans().Len() > 0 {
		if err := t.redacted.ConsumeTraces(ctx, redacted); err != nil {
			return err
		}
	}
	if !whole && unredacted.ResourceSpans().Len() > 0 {
		if err := t.unredacted.ConsumeTraces(ctx, unredacted); err != nil {
			return err
		}
	}
	if llm.ResourceSpans().Len() > 0 {
		return t.llm.ConsumeTraces(context.WithoutCancel(ctx), llm)
	}
	return nil
}

func (t *trust) isWhole(td ptrace.Traces) bool {
	for _, resource := range td.ResourceSpans().All() {
		if !t.isMarked(resource.Resource().Attributes()) {
			return false
		}
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				if isInSample(span) {
					return false
				}
			}
		}
	}
	return true
}

func (t *trust) isMarked(resource pcommon.Map) bool {
	rules, ok := resource.Get(rulesKey)
	return ok && rules.Str() == t.rules
}

func (t *trust) isRedacted(resource pcommon.Map, span ptrace.Span) bool {
	return t.isMarked(resource) && !isInSample(span)
}

// isInSample says whether a span is looked into in spite of its mark: one trace in 256, whose ids end with 00.
func isInSample(span ptrace.Span) bool {
	id := span.TraceID()
	return id[len(id)-1] == 0
}

func isLLM(_ pcommon.Map, span ptrace.Span) bool {
	for key, value := range span.Attributes().All() {
		switch key {
		case "gen_ai.operation.name", "langfuse.observation.type":
			if value.Type() != pcommon.ValueTypeEmpty {
				return true
			}
		case "afn.llm.local_root":
			if value.Bool() {
				return true
			}
		}
	}
	return false
}
