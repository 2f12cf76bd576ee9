using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionSharp.Tests.Diagnostics;

/// <summary>Everything that is told of the generations of one scheduler, or of one root span, while tests beside it generate, too.</summary>
internal sealed class Listening : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meter = new();
    private readonly Activity _root = new("test");

    public Listening()
    {
        _root.SetIdFormat(ActivityIdFormat.W3C).Start();
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DiffusionSharp",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == _root.TraceId)
                {
                    Spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "DiffusionSharp")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meter.Start();
    }

    /// <summary>The spans that have ended, in that order.</summary>
    public ConcurrentQueue<Activity> Spans { get; } = [];

    /// <summary>What was measured, in order.</summary>
    public ConcurrentQueue<Measurement> Measurements { get; } = [];

    public ActivitySpanId Root => _root.SpanId;

    public Activity Generation => Span("generation");

    public Activity Span(string name) => Assert.Single(Spans, span => span.OperationName == name);

    public Activity[] All(string name) => [.. Spans.Where(span => span.OperationName == name)];

    public Measurement[] Of(string instrument) => [.. Measurements.Where(m => m.Instrument == instrument)];

    public void Dispose()
    {
        _spans.Dispose();
        _meter.Dispose();
        _root.Dispose();
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measurements.Enqueue(new Measurement(instrument.Name, instrument.Unit, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));

    internal sealed record Measurement(string Instrument, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags)
    {
        public object? ErrorType => Tags.GetValueOrDefault("error.type");
    }
}
