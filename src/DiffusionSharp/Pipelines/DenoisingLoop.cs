using System.Diagnostics;
using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>One generation: the loop of the library.</summary>
internal sealed class DenoisingLoop : IDisposable
{
    private readonly PipelineParts _parts;
    private readonly IScheduler _scheduler;
    private readonly ResolvedRequest _request;
    private readonly CancellationToken _cancellationToken;
    private readonly INoiseSource[] _sources;
    private readonly PerImageNoise _noise;
    private readonly ISchedulerRun _steps;
    private readonly KnownLatents? _known;
    private readonly IGuidanceRun _guided;
    private readonly IReadOnlyList<string> _warnings;
    private readonly int _first;
    private readonly TimeSpan _encoding;
    private float[] _sample;
    private float[] _previous;
    private int _next;
    private TimeSpan _denoising;

    /// <summary>Does everything up to the first step. Bad requests fail here.</summary>
    public DenoisingLoop(PipelineParts parts, IScheduler scheduler, ResolvedRequest request, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        (_parts, _scheduler, _request, _cancellationToken) = (parts, scheduler, request, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _known = request.Request.Mask is { } mask ? new KnownLatents(request.Shape, mask) : null;
        ISchedulerRun steps = scheduler.Start(new SamplingPlan(request.Steps, request.Shape)
        {
            Strength = request.Request.InitialImage is null ? 1 : request.Request.Strength,
            Timesteps = request.Request.Timesteps,
            Sigmas = request.Request.Sigmas,
            Mu = request.Request.Mu,
            KnownRegion = _known?.Region,
        });
        if (parts.IsInpaintingModel && !scheduler.KeepsKnownRegion)
        {
            // The model is shown what is known, and draws it too.
            _known = null;
        }

        _steps = _known is null || scheduler.KeepsKnownRegion ? steps : new KeepsKnown(steps, _known.Region);
        _next = _first = FirstStep(request, scheduler, _steps);
        Conditions conditions = ConditionAssembly.Create(parts, request, cancellationToken);
        _warnings = conditions.Warnings;
        _sources = [.. request.Seeds.Select(parts.CreateNoise)];
        _noise = new PerImageNoise(_sources);
        _previous = new float[request.Shape.Length];
        _sample = new float[request.Shape.Length];
        FillInitialSample();
        if (parts.IsInpaintingModel && conditions.Conditional.Concatenated is null)
        {
            conditions = conditions.WithConcatenated(InpaintingChannels.Create(parts, request, _sources, cancellationToken));
        }

        _guided = parts.Guidance.Start(parts.NoisePredictor, new GuidancePlan(request.Shape, conditions.Conditional)
        {
            Unconditional = conditions.Unconditional,
            Scale = request.GuidanceScale,
            CancellationToken = cancellationToken,
        });

        _encoding = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Changes with every step, so that views of an earlier one can tell.</summary>
    public int Version => _next;

    /// <summary>Whether no step is asked for: a picture that is not to be redrawn.</summary>
    public bool IsEmpty => _first == _steps.CallCount;

    public DenoisingStep Current => new(this, _next - 1 - _first, _steps.CallCount - _first, IsEmpty ? 0 : _steps.LevelAt(_next - 1).Timestep);

    /// <summary>Takes the next step; false when there is none left.</summary>
    public bool MoveNext()
    {
        if (_next == _steps.CallCount)
        {
            return false;
        }

        long started = Stopwatch.GetTimestamp();
        _cancellationToken.ThrowIfCancellationRequested();
        (_previous, _sample) = (_sample, _previous);
        _steps.PrepareInput(_next, _previous, _guided.Sample, _noise);
        _guided.Predict(_steps.LevelAt(_next).Timestep);
        _steps.Step(_next, _guided.Prediction, _previous, _sample, _noise);
        RequireFinite(_sample, _next);
        _next++;
        if (_next == _steps.CallCount)
        {
            _guided.Finish();
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
        _steps.PredictOriginal(_next - 1, _guided.Prediction, _previous, original);
        return AsTensor(original);
    }

    public IReadOnlyList<GeneratedImage> DecodePreview() => Split(_parts.LatentDecoder.Decode(PredictOriginal(), _cancellationToken));

    public GenerationResult DecodeResult()
    {
        long started = Stopwatch.GetTimestamp();
        Tensor<float> latents = CopyLatents();
        IReadOnlyList<GeneratedImage> images = Split(KnownPixels.Paste(_request.Request, _parts.LatentDecoder.Decode(latents, _cancellationToken)));
        int steps = _next - _first;
        var timings = new GenerationTimings(_encoding, _denoising, Stopwatch.GetElapsedTime(started), steps, steps * _guided.EvaluationsPerStep);
        return new GenerationResult(images, latents, timings, _warnings);
    }

    public void Dispose()
    {
        _next = -1;
        _guided.Dispose();
    }

    // As diffusers counts: the last int(steps·strength) steps, however many model calls each has.
    private static int FirstStep(ResolvedRequest request, IScheduler scheduler, ISchedulerRun run)
    {
        if (request.Request.InitialImage is null || scheduler.FollowsStrength)
        {
            return 0;
        }

        int taken = Math.Min((int)(request.Steps * request.Request.Strength), request.Steps);
        return taken == 0 ? run.CallCount : run.FirstCallOf(request.Steps - taken);
    }

    private void FillInitialSample()
    {
        // With a mask and strength 1 the picture is needed only to keep what is known of it.
        if (_request.Request.InitialImage is not { } image || (_known is null && _request.Request is { Mask: not null, Strength: 1 }))
        {
            _noise.Fill(_sample);
            TensorPrimitives.Multiply(_sample, (float)_steps.InitialNoiseScale, _sample);
            return;
        }

        for (int i = 0; i < _request.Seeds.Count; i++)
        {
            _parts.Encode(image, _request.Shape, _sources[i], _cancellationToken).CopyTo(_sample.AsSpan(i * _request.Shape.ImageLength, _request.Shape.ImageLength));
        }

        if (IsEmpty)
        {
            return;
        }

        _noise.Fill(_previous);
        _known?.Remember(_sample, _previous);
        if (_known is not null && _request.Request.Strength == 1)
        {
            TensorPrimitives.Multiply(_previous, (float)_steps.InitialNoiseScale, _sample);
        }
        else
        {
            _steps.AddNoise(_first, _sample, _previous, _sample);
        }
    }

    private void RequireFinite(ReadOnlySpan<float> sample, int index)
    {
        if (!TensorPrimitives.IsFiniteAll(sample))
        {
            throw new NonFiniteSampleException(index - _first + 1, _steps.LevelAt(index).Timestep);
        }
    }

    private Tensor<float> AsTensor(float[] values) => Tensor.Create(values, _request.Shape.ToLengths());

    private GeneratedImage[] Split(Tensor<float> pictures)
    {
        var images = new GeneratedImage[_request.Seeds.Count];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = new GeneratedImage(pictures.Rows(i, 1), _request.Single(i), _scheduler.ToString()!);
        }

        return images;
    }
}
