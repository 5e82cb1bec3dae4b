package cumulativeprocessor

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// overflow is OpenTelemetry's name for the series of everything above a limit.
const overflow = "otel.metric.overflow"

type key struct {
	resource, point [16]byte
	scope, metric   string
}

func (k key) String() string {
	return fmt.Sprintf("%x/%s/%s/%x", k.resource, k.scope, k.metric, k.point)
}

// family is the same for all series of a metric of a resource.
func (k key) family() key {
	k.point = [16]byte{}
	return k
}

// A stream is one series: metrics with one point, as it is on the disk.
type stream struct {
	metrics pmetric.Metrics
	changed time.Time
}

type streams struct {
	limit    int
	byKey    map[key]*stream
	families map[key]int
	changed  map[key]struct{}
}

// add adds the points of a metric to their series, and says whether it is one that is added up.
func (all *streams) add(resource pmetric.ResourceMetrics, scope pmetric.ScopeMetrics, metric pmetric.Metric, now time.Time) bool {
	at := pcommon.NewTimestampFromTime(now)
	switch {
	case metric.Type() == pmetric.MetricTypeSum && metric.Sum().AggregationTemporality() == pmetric.AggregationTemporalityDelta:
		for _, point := range metric.Sum().DataPoints().All() {
			to := all.of(resource, scope, metric, point.Attributes(), now).Sum().DataPoints().At(0)
			addNumber(point, to)
			to.SetTimestamp(at)
		}
	case metric.Type() == pmetric.MetricTypeHistogram && metric.Histogram().AggregationTemporality() == pmetric.AggregationTemporalityDelta:
		for _, point := range metric.Histogram().DataPoints().All() {
			to := all.of(resource, scope, metric, point.Attributes(), now).Histogram().DataPoints().At(0)
			addHistogram(point, to)
			to.SetTimestamp(at)
		}
	default:
		return false
	}
	return true
}

// of finds the series that a point belongs to, or begins it.
func (all *streams) of(resource pmetric.ResourceMetrics, scope pmetric.ScopeMetrics, like pmetric.Metric, attributes pcommon.Map, now time.Time) pmetric.Metric {
	k := keyOf(resource, scope, like, attributes)
	if _, ok := all.byKey[k]; !ok && all.families[k.family()] >= all.limit {
		attributes = pcommon.NewMap()
		attributes.PutBool(overflow, true)
		k = keyOf(resource, scope, like, attributes)
	}
	s, ok := all.byKey[k]
	if !ok {
		s = &stream{metrics: begin(resource, scope, like, attributes, now)}
		all.byKey[k] = s
		all.families[k.family()]++
	}
	s.changed = now
	all.changed[k] = struct{}{}
	_, _, metric := s.parts()
	return metric
}

func keyOf(resource pmetric.ResourceMetrics, scope pmetric.ScopeMetrics, metric pmetric.Metric, attributes pcommon.Map) key {
	return key{
		resource: pdatautil.MapHash(resource.Resource().Attributes()),
		scope:    scope.Scope().Name(),
		metric:   metric.Name(),
		point:    pdatautil.MapHash(attributes),
	}
}

// begin makes a series with one point, which is 0.
func begin(resource pmetric.ResourceMetrics, scope pmetric.ScopeMetrics, like pmetric.Metric, attributes pcommon.Map, now time.Time) pmetric.Metrics {
	md := pmetric.NewMetrics()
	_, _, metric := head(md, resource, scope, like)
	start := pcommon.NewTimestampFromTime(now)
	if metric.Type() == pmetric.MetricTypeSum {
		point := metric.Sum().DataPoints().AppendEmpty()
		point.SetStartTimestamp(start)
		attributes.CopyTo(point.Attributes())
	} else {
		point := metric.Histogram().DataPoints().AppendEmpty()
		point.SetStartTimestamp(start)
		attributes.CopyTo(point.Attributes())
	}
	return md
}

// head appends a metric without points to md, under the same resource and scope; it is cumulative.
func head(md pmetric.Metrics, resource pmetric.ResourceMetrics, scope pmetric.ScopeMetrics, like pmetric.Metric) (pmetric.ResourceMetrics, pmetric.ScopeMetrics, pmetric.Metric) {
	toResource := md.ResourceMetrics().AppendEmpty()
	resource.Resource().CopyTo(toResource.Resource())
	toResource.SetSchemaUrl(resource.SchemaUrl())
	toScope := toResource.ScopeMetrics().AppendEmpty()
	scope.Scope().CopyTo(toScope.Scope())
	toScope.SetSchemaUrl(scope.SchemaUrl())
	return toResource, toScope, named(toScope, like)
}

func named(scope pmetric.ScopeMetrics, like pmetric.Metric) pmetric.Metric {
	metric := scope.Metrics().AppendEmpty()
	metric.SetName(like.Name())
	metric.SetUnit(like.Unit())
	metric.SetDescription(like.Description())
	if like.Type() == pmetric.MetricTypeSum {
		metric.SetEmptySum().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
		metric.Sum().SetIsMonotonic(like.Sum().IsMonotonic())
	} else {
		metric.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	}
	return metric
}

func (s *stream) parts() (pmetric.ResourceMetrics, pmetric.ScopeMetrics, pmetric.Metric) {
	resource := s.metrics.ResourceMetrics().At(0)
	scope := resource.ScopeMetrics().At(0)
	return resource, scope, scope.Metrics().At(0)
}

// restore takes over a series as another process has left it.
func (all *streams) restore(value []byte) error {
	md, err := (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(value)
	if err != nil {
		return err
	}
	if md.DataPointCount() != 1 || md.MetricCount() != 1 {
		return errors.New("not one series")
	}
	s := &stream{metrics: md}
	resource, scope, metric := s.parts()
	var attributes pcommon.Map
	switch metric.Type() {
	case pmetric.MetricTypeSum:
		point := metric.Sum().DataPoints().At(0)
		attributes, s.changed = point.Attributes(), point.Timestamp().AsTime()
	case pmetric.MetricTypeHistogram:
		point := metric.Histogram().DataPoints().At(0)
		attributes, s.changed = point.Attributes(), point.Timestamp().AsTime()
	default:
		return errors.New("neither sum nor histogram")
	}
	k := keyOf(resource, scope, metric, attributes)
	all.byKey[k] = s
	all.families[k.family()]++
	return nil
}

// expire forgets the series to which nothing was added since.
func (all *streams) expire(since time.Time) {
	for k, s := range all.byKey {
		if s.changed.After(since) {
			continue
		}
		delete(all.byKey, k)
		all.changed[k] = struct{}{}
		if all.families[k.family()]--; all.families[k.family()] == 0 {
			delete(all.families, k.family())
		}
	}
}

// told is every series at this time. An exemplar is told once.
func (all *streams) told(at pcommon.Timestamp) pmetric.Metrics {
	md := pmetric.NewMetrics()
	scopes := map[key]pmetric.ScopeMetrics{}
	metrics := map[key]pmetric.Metric{}
	for k, s := range all.byKey {
		resource, scope, metric := s.parts()
		to, ok := metrics[k.family()]
		if !ok {
			ofScope := key{resource: k.resource, scope: k.scope}
			if toScope, ok := scopes[ofScope]; ok {
				to = named(toScope, metric)
			} else {
				_, scopes[ofScope], to = head(md, resource, scope, metric)
			}
			metrics[k.family()] = to
		}
		if metric.Type() == pmetric.MetricTypeSum {
			point := to.Sum().DataPoints().AppendEmpty()
			metric.Sum().DataPoints().At(0).CopyTo(point)
			point.SetTimestamp(at)
			continue
		}
		point := to.Histogram().DataPoints().AppendEmpty()
		metric.Histogram().DataPoints().At(0).CopyTo(point)
		point.SetTimestamp(at)
		metric.Histogram().DataPoints().At(0).Exemplars().RemoveIf(func(pmetric.Exemplar) bool { return true })
	}
	return md
}

func addNumber(from, to pmetric.NumberDataPoint) {
	isInt := from.ValueType() == pmetric.NumberDataPointValueTypeInt && to.ValueType() != pmetric.NumberDataPointValueTypeDouble
	if isInt {
		to.SetIntValue(to.IntValue() + from.IntValue())
		return
	}
	to.SetDoubleValue(number(to) + number(from))
}

func number(point pmetric.NumberDataPoint) float64 {
	if point.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(point.IntValue())
	}
	return point.DoubleValue()
}

// addHistogram begins anew where the buckets are others than they were, as after a change of the configuration.
func addHistogram(from, to pmetric.HistogramDataPoint) {
	if !slices.Equal(from.ExplicitBounds().AsRaw(), to.ExplicitBounds().AsRaw()) || to.BucketCounts().Len() != from.BucketCounts().Len() {
		if to.Count() > 0 {
			to.SetStartTimestamp(to.Timestamp())
		}
		to.SetCount(0)
		to.SetSum(0)
		from.ExplicitBounds().CopyTo(to.ExplicitBounds())
		to.BucketCounts().FromRaw(make([]uint64, from.BucketCounts().Len()))
	}
	to.SetCount(to.Count() + from.Count())
	to.SetSum(to.Sum() + from.Sum())
	for i, count := range from.BucketCounts().All() {
		to.BucketCounts().SetAt(i, to.BucketCounts().At(i)+count)
	}
	if from.Exemplars().Len() > 0 {
		from.Exemplars().CopyTo(to.Exemplars())
	}
}
