using System.Diagnostics;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>One generation: the loop of the library. No system is named here, and none has a loop of its own.</summary>
internal sealed class DenoisingLoop : IDisposable
{
    private readonly PipelineParts _parts;
    private readonly ResolvedRequest _request;
    private readonly GenerationNoise _noise;
    private readonly GenerationWatch _watch;
    private readonly CancellationToken _stop;
    private readonly ConditionContext _conditions;
    private readonly IGuidanceRun _guidance;
    private readonly ISchedulerRun? _steps;
    private readonly TermEngine? _model;
    private readonly GenerationCourse _course;
    private readonly TimeSpan _encoding;
    private float[] _previous;
    private float[] _sample;
    private int _next;
    private TimeSpan _denoising;

    /// <summary>Does everything up to the first step. Bad requests fail here.</summary>
    public DenoisingLoop(PipelineParts parts, ResolvedRequest request, GenerationNoise noise, GenerationWatch watch, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        stop.ThrowIfCancellationRequested();
        request = request.DrawnFrom(noise);
        (_parts, _request, _noise, _watch, _stop) = (parts, request, noise, watch, stop);
        IScheduler? scheduler = request.Scheduler;
        (_previous, _sample) = (new float[request.Shape.Length], new float[request.Shape.Length]);
        IReadOnlyList<GuidanceTerm> terms = parts.Guidance.Terms(request.Scales, scheduler?.NeedsUnconditional == true);
        var guidance = new GuidancePlan(request.Shape, request.Request, request.Scales, terms) { CancellationToken = stop };
        _conditions = new ConditionContext(request.Request, request.Shape, guidance, noise, parts.LatentEncoder, parts.Encoders);
        KnownRegion? known = scheduler is not null && (scheduler.KeepsKnownRegion || !parts.ShowsKnownRegion) ? KnownParts.Of(request) : null;
        _steps = scheduler?.Start(SamplingPlans.Of(request, known));
        _course = GenerationCourse.Of(request, _steps);
        _next = _course.First;

        // The order of draws is part of the result: early encoders, the picture, initial noise, late encoders, steps.
        _conditions.Encode(beforeInitialNoise: true);
        new InitialSample(_conditions, _course, _steps, known, noise).Fill(_sample, _previous);
        _conditions.Encode(beforeInitialNoise: false);
        _guidance = parts.Guidance.Start(guidance);
        try
        {
            if (_steps is not null)
            {
                _conditions.RequireDifferentTerms();
                _steps = known is null || scheduler!.KeepsKnownRegion ? _steps : new KeepsKnown(_steps, known);
                _model = new TermEngine(request.Shape, parts.NoisePredictor!, parts.Batching, scheduler!.NeedsUnconditional, _conditions, stop);
                Prepare();
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        _encoding = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Changes with every step, so that views of an earlier one can tell.</summary>
    public int Version => _next;

    /// <summary>Whether no step is asked for: a picture that is not to be redrawn, or a pipeline without a network.</summary>
    public bool IsEmpty => _course.Count == 0;

    /// <summary>The call that was made last, from 0; -1 before the first one.</summary>
    public int Index => _next - 1 - _course.First;

    /// <summary>Calls in all.</summary>
    public int Count => _course.Count;

    /// <summary>The timestep of the last call; 0 where there is none.</summary>
    public double Timestep => Index < 0 ? 0 : _steps!.LevelAt(_next - 1).Timestep;

    /// <summary>Takes the next step; false when there is none left.</summary>
    public bool MoveNext()
    {
        if (_next == _course.End)
        {
            return false;
        }

        long started = Stopwatch.GetTimestamp();
        _stop.ThrowIfCancellationRequested();
        (_previous, _sample) = (_sample, _previous);
        StepPoint at = _course.PointOf(_next, _steps!);
        Span<float> input = _model!.Select(at, _guidance);
        _steps!.PrepareInput(_next, _previous, input, _noise.Steps);
        _model.Predict(at);
        _guidance.Combine(at, _model);
        _steps.Step(_next, _model.Result, _previous, _sample, _noise.Steps);
        Finite.Require(_sample, Finite.Scheduler, at.Call + 1, at.Level.Timestep);
        if (++_next == _course.End)
        {
            _model.Finish();
        }

        _denoising += Stopwatch.GetElapsedTime(started);
        return true;
    }

    public Tensor<float> CopyLatents() => AsTensor([.. _sample]);

    public Tensor<float> PredictOriginal()
    {
        if (IsEmpty)
        {
            return CopyLatents();
        }

        var original = new float[_sample.Length];
        _steps!.PredictOriginal(_next - 1, _model!.Result, _previous, original);
        return AsTensor(original);
    }

    /// <summary>Decodes a sample of this generation.</summary>
    public ResultDecoding Decoding => new(_parts, _request, _conditions, _watch, _stop);

    public GenerationTimings Timings(TimeSpan decoding) =>
        new(_encoding, _denoising, decoding, _next - _course.First, _model?.Evaluations ?? 0);

    public void Dispose()
    {
        _next = -1;
        _model?.Dispose();
        _guidance.Dispose();
    }

    // Whatever the first call needs is made now, so that what does not fit the network fails before any step.
    private void Prepare()
    {
        if (!IsEmpty)
        {
            _model!.Select(_course.PointOf(_next, _steps!), _guidance);
        }
    }

    private Tensor<float> AsTensor(float[] values) => Tensor.Create(values, _request.Shape.ToLengths());
}
