using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionSharp.Diagnostics;

/// <summary>
/// One generation as it is seen from outside: its span, those of its parts, and what is measured of them. A cascade is one generation, whose
/// stages have spans below it. Parents are named rather than taken from the flow, since each step of a stream runs in another.
/// </summary>
internal sealed class GenerationWatch : IDisposable
{
    private static readonly OperationCanceledException Left = new();

    private readonly Activity? _span;
    private readonly GenerationWatch? _cascade;
    private readonly bool _isLastStage;
    private readonly string _scheduler;
    private readonly CancellationToken _stop;
    private readonly long _started = Stopwatch.GetTimestamp();
    private Exception? _error;
    private bool _isComplete;

    private GenerationWatch(string name, GenerationRequest request, string scheduler, CancellationToken stop, GenerationWatch? cascade = null, bool isLastStage = true)
    {
        (_cascade, _isLastStage, _scheduler, _stop) = (cascade, isLastStage, scheduler, stop);
        _span = Telemetry.Source.StartActivity(name, ActivityKind.Internal, cascade?._span?.Context ?? default);
        _span?.SetTag(Telemetry.Scheduler, scheduler).SetTag(Telemetry.Count, request.Count).SetTag(Telemetry.Steps, request.Steps).SetTag(Telemetry.Width, request.Width).SetTag(Telemetry.Height, request.Height);
    }

    /// <summary>Begins a generation with one pipeline, or a stage of one with several.</summary>
    public static GenerationWatch Start(ResolvedRequest request, CascadePlace? place, CancellationToken stop)
    {
        string scheduler = request.Scheduler?.ToString() ?? "";
        if (place is null)
        {
            return new GenerationWatch("generation", request.Request, scheduler, stop);
        }

        var stage = new GenerationWatch("stage", request.Request, scheduler, stop, place.Watch, place.IsLast);
        stage._span?.SetTag(Telemetry.Stage, place.Stage);
        return stage;
    }

    /// <summary>Begins a generation with a cascade; the user's request says what it says, defaults are those of the stages.</summary>
    public static GenerationWatch StartCascade(GenerationRequest request, CancellationToken stop) => new("generation", request, "cascade", stop);

    /// <summary>Does some work of the generation, which fails with it.</summary>
    public T Note<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    }

    /// <summary>Does everything up to the first step.</summary>
    public DenoisingLoop Encode(Func<DenoisingLoop> start) => Note(() => InSpan("encode", Telemetry.Encode, start));

    /// <summary>The steps of a loop.</summary>
    public WatchedSteps Steps(DenoisingLoop loop) => new(this, loop);

    /// <summary>Calls a decoder, for a result or a preview.</summary>
    public T Decode<T>(Func<T> decode) => InSpan("decode", Telemetry.Decode, decode);

    /// <summary>A result has been decoded.</summary>
    public void AddPictures(int count)
    {
        if (_isLastStage && count > 0)
        {
            Telemetry.Pictures.Add(count, new TagList { { Telemetry.Scheduler, (_cascade ?? this)._scheduler } });
        }
    }

    /// <summary>The last step is done.</summary>
    public void Complete()
    {
        _isComplete = true;
        if (_isLastStage)
        {
            _cascade?.Complete();
        }
    }

    /// <summary>The generation has failed, unless it is known already.</summary>
    public void Fail(Exception error)
    {
        _error ??= error;
        _cascade?.Fail(error);
    }

    /// <summary>Begins a span of this generation.</summary>
    public Activity? StartSpan(string name) => Telemetry.Source.StartActivity(name, ActivityKind.Internal, _span?.Context ?? default);

    /// <summary>Ends a span, and says how.</summary>
    public void EndSpan(Activity? span, Exception? error)
    {
        if (span is not null && error is not null)
        {
            span.SetTag(Telemetry.ErrorType, TypeOf(error));
            if (!IsCancellation(error))
            {
                span.SetStatus(ActivityStatusCode.Error, error.Message);
            }
        }

        span?.Dispose();
    }

    /// <summary>Records how long something took.</summary>
    public void Record(Histogram<double> histogram, double value, Exception? error)
    {
        if (histogram.Enabled)
        {
            histogram.Record(value, Tags(error));
        }
    }

    /// <summary>Ends the generation. One without its last step and without an error was left by whoever read it.</summary>
    public void Dispose()
    {
        Exception? error = _error ?? (_isComplete ? null : Left);
        EndSpan(_span, error);
        if (_cascade is not null)
        {
            return;
        }

        Record(Telemetry.Generation, Stopwatch.GetElapsedTime(_started).TotalSeconds, error);
        if (error is not null)
        {
            (IsCancellation(error) ? Telemetry.Cancellations : Telemetry.Failures).Add(1, Tags(error));
        }
    }

    private T InSpan<T>(string name, Histogram<double> durations, Func<T> work)
    {
        Activity? span = StartSpan(name);
        long started = Stopwatch.GetTimestamp();
        Exception? error = null;
        try
        {
            return work();
        }
        catch (Exception e)
        {
            error = e;
            throw;
        }
        finally
        {
            EndSpan(span, error);
            Record(durations, Stopwatch.GetElapsedTime(started).TotalSeconds, error);
        }
    }

    private TagList Tags(Exception? error)
    {
        var tags = new TagList { { Telemetry.Scheduler, _scheduler } };
        if (error is not null)
        {
            tags.Add(Telemetry.ErrorType, TypeOf(error));
        }

        return tags;
    }

    // One that nobody asked for, for example a time limit inside a part, is a failure.
    private bool IsCancellation(Exception error) => error == Left || (error is OperationCanceledException && _stop.IsCancellationRequested);

    private string TypeOf(Exception error) => (IsCancellation(error) ? typeof(OperationCanceledException) : error.GetType()).FullName!;
}
