using System.Diagnostics;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;

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
    private readonly KnownRegion? _known;
    private readonly TimeSpan _encoding;
    private byte[]? _front;
    private float[] _previous;
    private float[] _sample;
    private int _next;
    private TimeSpan _denoising;

    /// <summary>Does everything up to the first step, or to the one that a checkpoint goes on with. Bad requests fail here.</summary>
    public DenoisingLoop(PipelineParts parts, ResolvedRequest request, GenerationNoise noise, GenerationWatch watch, CancellationToken stop, Checkpoint? checkpoint = null)
    {
        long started = Stopwatch.GetTimestamp();
        stop.ThrowIfCancellationRequested();
        request = request.DrawnFrom(noise);
        (_parts, _request, _noise, _watch, _stop) = (parts, request, noise, watch, stop);
        IScheduler? scheduler = request.Scheduler;
        (_previous, _sample) = (new float[request.Shape.Length], new float[request.Shape.Length]);
        IReadOnlyList<GuidanceTerm> terms = parts.Guidance.Terms(request.Scales, scheduler?.NeedsUnconditional == true);
        var guidance = new GuidancePlan(request.Shape, request.Request, request.Scales, terms) { CancellationToken = stop };
        bool keepsKnown = scheduler is not null && (scheduler.KeepsKnownRegion || !parts.ShowsKnownRegion);
        KnownRegion? known = _known = checkpoint is not null ? checkpoint.Known : keepsKnown ? KnownParts.Of(request) : null;
        _steps = scheduler?.Start(SamplingPlans.Of(request, known, parts.StrengthRule));
        _course = GenerationCourse.Of(request, _steps, parts.StrengthRule);
        _next = _course.First;
        _conditions = new ConditionContext(request.Request, request.Shape, _course.Calls(_steps), guidance, noise, parts.LatentEncoder, parts.Encoders, checkpoint?.Drawn);

        // The order of draws is part of the result: early encoders, the picture, initial noise, late encoders, steps.
        _conditions.Encode(beforeInitialNoise: true);
        if (checkpoint is null)
        {
            new InitialSample(_conditions, _course, _steps, known, noise).Fill(_sample, _previous);
        }

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

            // After the encoders, so that the streams stand where they stood.
            if (checkpoint is not null)
            {
                Restore(checkpoint);
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

    /// <summary>Whether nothing is left to do before the first step: there is none, or a checkpoint was of the last one.</summary>
    public bool IsAtEnd => _next == _course.End;

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
        if (_model?.Has(0) != true)
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

    /// <summary>Writes all that the rest of the generation depends on.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="cascade">The cascade that the generation is a stage of, as it began with; null where there is none.</param>
    /// <param name="json">Writes requests.</param>
    public void Save(Stream stream, Func<CascadeCheckpoint>? cascade, GenerationRequestJson json)
    {
        _front ??= Checkpoint.Front(Origin, _request.Request, _known, _conditions.Drawn, cascade?.Invoke(), json);
        stream.Write(_front);
        using var step = new MemoryStream();
        using var writer = new BinaryWriter(step);
        writer.Write(_next);
        writer.WriteAll(_sample);
        foreach (IStateful part in States)
        {
            part.Save(writer);
        }

        CheckpointFile.WriteBlock(stream, step.GetBuffer().AsSpan(0, (int)step.Length));
    }

    public void Dispose()
    {
        _next = -1;
        _model?.Dispose();
        _guidance.Dispose();
    }

    // Whatever the first call needs is made now, so that what does not fit the network fails before any step.
    private void Prepare()
    {
        if (!IsAtEnd)
        {
            _model!.Select(_course.PointOf(_next, _steps!), _guidance);
        }
    }

    // What a checkpoint has to have in common with the pipeline that goes on with it, a line each.
    private string Origin => string.Join(
        '\n',
        $"weights: {_parts.NoisePredictor?.Fingerprint ?? "not told apart"}",
        $"guidance: {string.Join(", ", _conditions.Terms.Select(term => term.Name))}",
        $"noise: {string.Join(", ", _noise.Pictures.Append(_noise.Steps).Select(source => source.GetType().Name))}",
        $"sample: {_request.Shape}");

    private IEnumerable<IStateful> States => new IStateful?[] { _steps, _guidance, _model, _noise }.OfType<IStateful>();

    private void Restore(Checkpoint checkpoint)
    {
        foreach ((string here, string there) in Origin.Split('\n').Zip(checkpoint.Origin.Split('\n')))
        {
            if (here != there)
            {
                throw new CheckpointException($"The checkpoint is of another pipeline. There: {there}. Here: {here}.");
            }
        }

        using var reader = new BinaryReader(new MemoryStream(checkpoint.Step));
        try
        {
            _next = reader.ReadInt32();
            reader.ReadAll(_sample);
            foreach (IStateful part in States)
            {
                part.Restore(reader);
            }
        }
        catch (EndOfStreamException error)
        {
            throw new CheckpointException("The checkpoint does not fit this pipeline: some part remembers more than was saved.", error);
        }

        if (reader.BaseStream.Position != reader.BaseStream.Length || _next < _course.First || _next > _course.End)
        {
            throw new CheckpointException("The checkpoint does not fit this pipeline: some part remembers less than was saved.");
        }
    }

    private Tensor<float> AsTensor(float[] values) => Tensor.Create(values, _request.Shape.ToLengths());
}
