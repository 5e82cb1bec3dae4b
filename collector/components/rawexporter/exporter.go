// Package rawexporter is upstream's exporter otlp_grpc for traces, with a queue on disk, that writes each span once. Upstream's reads the
// queue back into spans, puts them together and writes them again for the wire, and says that it changes what it gets, so
// that the Collector copies every span for it. On disk and on the wire a request has the same form, and two requests
// put together are one behind the other: so what is in the queue is sent as it is.
package rawexporter

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configgrpc"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exporterhelper/xexporterhelper"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"go.opentelemetry.io/otel/attribute"
	"go.uber.org/zap"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

var otlp = otlpexporter.NewFactory()

// NewFactory makes the exporter afn_otlp_grpc. Its settings are those of otlp_grpc; its metrics and its queue have that name.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		component.MustNewType("afn_otlp_grpc"),
		otlp.CreateDefaultConfig,
		exporter.WithTraces(newTraces, component.StabilityLevelBeta),
	)
}

// What it got is written before it answers, so others may read it.
type reading struct{ exporter.Traces }

func (reading) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: false} }

func newTraces(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Traces, error) {
	config := cfg.(*otlpexporter.Config)
	queue := config.QueueConfig
	if !queue.HasValue() || queue.Get().StorageID == nil {
		return nil, errors.New("afn_otlp_grpc needs sending_queue.storage: it sends what it reads from there")
	}
	if batch := queue.Get().Batch; batch.HasValue() && batch.Get().Sizer != exporterhelper.RequestSizerTypeItems {
		return nil, errors.New("afn_otlp_grpc needs sending_queue.batch.sizer: items")
	}
	set.ID = component.NewIDWithName(otlp.Type(), set.ID.Name())
	to := &sender{config: config, set: set}
	inner, err := xexporterhelper.NewTracesRequest(ctx, set, written, to.send,
		exporterhelper.WithTimeout(config.TimeoutConfig),
		exporterhelper.WithRetry(config.RetryConfig),
		xexporterhelper.WithQueueBatch(queue, xexporterhelper.QueueBatchSettings{Encoding: encoding{}, ReferenceCounter: noReferences{}}),
		exporterhelper.WithStart(to.start),
		exporterhelper.WithShutdown(to.shutdown),
		exporterhelper.WithAttrs(placeOf(config)...),
	)
	return reading{inner}, err
}

// placeOf gives the exporter's own metrics the attributes that upstream's have.
func placeOf(config *otlpexporter.Config) []attribute.KeyValue {
	host, port, err := net.SplitHostPort(config.ClientConfig.Endpoint)
	if err != nil {
		return []attribute.KeyValue{attribute.String("server.address", config.ClientConfig.Endpoint)}
	}
	place := []attribute.KeyValue{attribute.String("server.address", host)}
	if number, err := strconv.Atoi(port); err == nil {
		place = append(place, attribute.Int("server.port", number))
	}
	return place
}

type noReferences struct{}

func (noReferences) Ref(xexporterhelper.Request)   {}
func (noReferences) Unref(xexporterhelper.Request) {}

type sender struct {
	config *otlpexporter.Config
	set    exporter.Settings
	conn   *grpc.ClientConn
}

func (s *sender) start(ctx context.Context, host component.Host) (err error) {
	build := s.set.BuildInfo
	agent := fmt.Sprintf("%s/%s (%s/%s)", build.Description, build.Version, runtime.GOOS, runtime.GOARCH)
	option := configgrpc.WithGrpcDialOption(grpc.WithUserAgent(agent))
	s.conn, err = s.config.ClientConfig.ToClientConn(ctx, host.GetExtensions(), s.set.TelemetrySettings, option)
	return err
}

func (s *sender) shutdown(context.Context) error {
	if s.conn == nil {
		return nil
	}
	return s.conn.Close()
}

const method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

func (s *sender) send(ctx context.Context, request xexporterhelper.Request) error {
	p, ok := request.(*payload)
	if !ok {
		return consumererror.NewPermanent(errors.New("a request of another exporter"))
	}
	var answer []byte
	err := s.conn.Invoke(ctx, method, p, &answer, grpc.ForceCodecV2(codec{}), grpc.WaitForReady(s.config.ClientConfig.WaitForReady))
	if err != nil {
		return forRetry(err)
	}
	response := ptraceotlp.NewExportResponse()
	if response.UnmarshalProto(answer) == nil {
		partial := response.PartialSuccess()
		if partial.ErrorMessage() != "" || partial.RejectedSpans() != 0 {
			s.set.Logger.Warn("Partial success response",
				zap.String("message", partial.ErrorMessage()), zap.Int64("dropped_spans", partial.RejectedSpans()))
		}
	}
	return nil
}

// forRetry says of an error what the specification of OTLP says: whether and when the request is sent again.
func forRetry(err error) error {
	answer := status.Convert(err)
	var info *errdetails.RetryInfo
	for _, detail := range answer.Details() {
		if found, ok := detail.(*errdetails.RetryInfo); ok {
			info = found
		}
	}
	switch answer.Code() {
	case codes.Canceled, codes.DeadlineExceeded, codes.Aborted, codes.OutOfRange, codes.Unavailable, codes.DataLoss:
	case codes.ResourceExhausted:
		if info == nil {
			return consumererror.NewPermanent(err)
		}
	default:
		return consumererror.NewPermanent(err)
	}
	if delay := info.GetRetryDelay().AsDuration(); delay > 0 {
		return exporterhelper.NewThrottleRetry(err, delay)
	}
	return err
}

// The codec sends the parts of a payload as one message.
type codec struct{}

func (codec) Name() string { return "proto" }

func (codec) Marshal(message any) (mem.BufferSlice, error) {
	p, ok := message.(*payload)
	if !ok {
		return nil, fmt.Errorf("%T is no payload", message)
	}
	buffers := make(mem.BufferSlice, len(p.parts))
	for i, part := range p.parts {
		buffers[i] = mem.SliceBuffer(part)
	}
	return buffers, nil
}

func (codec) Unmarshal(data mem.BufferSlice, message any) error {
	*message.(*[]byte) = data.Materialize()
	return nil
}
