// Package suspectconnector passes on copies of the spans that may break a rule of data quality, and nothing else. The rules
// are in the configuration, in OTTL, and are asked of what comes out of here. So it may pass on a span that breaks none,
// but never keeps one back that breaks one.
package suspectconnector

import (
	"context"
	"fmt"
	"strings"
	"time"

	"afn.internal/collector/pick"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// The rules that can be looked for.
const (
	ofEverySpan = "every"
	ofLLMSpans  = "llm"
)

// Config says which rules the spans may break.
type Config struct {
	// Rules is "every" for those that hold for every span, "llm" for those of LLM calls.
	Rules string `mapstructure:"rules"`
	// Ahead is how far in the future a span may begin, Behind how far in the past. Of "every".
	Ahead  time.Duration `mapstructure:"ahead"`
	Behind time.Duration `mapstructure:"behind"`
	// Canary makes every span a suspect where it is not empty. Of "every".
	Canary string `mapstructure:"canary"`
}

// Validate refuses rules that there are not.
func (c *Config) Validate() error {
	switch {
	case c.Rules == ofEverySpan && (c.Ahead <= 0 || c.Behind <= 0):
		return fmt.Errorf("ahead and behind must be above 0")
	case c.Rules != ofEverySpan && c.Rules != ofLLMSpans:
		return fmt.Errorf("rules must be %q or %q, not %q", ofEverySpan, ofLLMSpans, c.Rules)
	}
	return nil
}

// NewFactory makes the connector afn_suspect.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		component.MustNewType("afn_suspect"),
		func() component.Config { return &Config{} },
		connector.WithTracesToTraces(newSuspect, component.StabilityLevelBeta),
	)
}

type suspect struct {
	component.StartFunc
	component.ShutdownFunc
	Config
	next consumer.Traces
}

func newSuspect(_ context.Context, _ connector.Settings, cfg component.Config, next consumer.Traces) (connector.Traces, error) {
	return &suspect{Config: *cfg.(*Config), next: next}, nil
}

// Capabilities says that the data stays as it is: what is passed on is a copy.
func (*suspect) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

func (s *suspect) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	is := breaksOfLLM
	if s.Rules == ofEverySpan {
		is = s.breaksOfEvery(time.Now())
	}
	picked := pick.Spans(td, is)
	if picked.ResourceSpans().Len() == 0 {
		return nil
	}
	return s.next.ConsumeTraces(ctx, picked)
}

func (s *suspect) breaksOfEvery(now time.Time) pick.Predicate {
	// The rule is asked later, when a span is older.
	oldest := pcommon.NewTimestampFromTime(now.Add(-s.Behind).Add(time.Minute))
	newest := pcommon.NewTimestampFromTime(now.Add(s.Ahead))
	return func(resource pcommon.Map, span ptrace.Span) bool {
		start := span.StartTimestamp()
		if s.Canary != "" || span.EndTimestamp() < start || start > newest || start < oldest {
			return true
		}
		if service, ok := resource.Get("service.name"); !ok || service.Str() == "" || strings.HasPrefix(service.Str(), "unknown_service") {
			return true
		}
		_, isCanary := span.Attributes().Get("afn.dq.canary")
		return isCanary
	}
}

func breaksOfLLM(_ pcommon.Map, span ptrace.Span) bool {
	var isCall, hasModel, hasUsage, hasCost bool
	for key, value := range span.Attributes().All() {
		if value.Type() == pcommon.ValueTypeEmpty {
			continue
		}
		switch key {
		case "gen_ai.operation.name":
			switch value.AsString() {
			case "chat", "text_completion", "generate_content", "embeddings":
				isCall = true
			}
		case "gen_ai.request.model", "gen_ai.response.model":
			hasModel = true
		case "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens":
			hasUsage = true
			if value.Type() == pcommon.ValueTypeStr || value.Int() < 0 || value.Double() < 0 {
				return true
			}
		case "afn.llm.cost.total":
			hasCost = true
			if value.Type() == pcommon.ValueTypeStr {
				return true
			}
		case "gen_ai.evaluation.score.value":
			if value.Type() == pcommon.ValueTypeStr {
				return true
			}
		}
	}
	if isCall && !(hasModel && hasUsage && hasCost) {
		return true
	}
	for _, event := range span.Events().All() {
		if score, ok := event.Attributes().Get("gen_ai.evaluation.score.value"); ok && score.Type() == pcommon.ValueTypeStr {
			return true
		}
	}
	return false
}
