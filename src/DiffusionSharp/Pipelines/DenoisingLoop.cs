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
        _steps = scheduler.Start(new SamplingPlan(request.Steps, request.Shape)
        {
            Timesteps = request.Request.Timesteps,
            Sigmas = request.Request.Sigmas,
            Mu = request.Request.Mu,
            KnownRegion = _known?.Region,
        });
        if (parts.IsInpaintingModel && !_steps.KeepsKnownRegion)
        {
            // The model is shown what is known, and draws it too.
            _known = null;
        }

        _next = _first = FirstStep(request, _steps);
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
    public bool IsEmpty => _first == _steps.Timesteps.Count;

    public DenoisingStep Current => new(this, _next - 1 - _first, _steps.Timesteps.Count - _first, IsEmpty ? 0 : _steps.Timesteps[_next - 1]);

    /// <summary>Takes the next step; false when there is none left.</summary>
    public bool MoveNext()
    {
        if (_next == _steps.Timesteps.Count)
        {
            return false;
        }

        long started = Stopwatch.GetTimestamp();
        _cancellationToken.ThrowIfCancellationRequested();
        (_previous, _sample) = (_sample, _previous);
        _steps.ScaleModelInput(_next, _previous, _guided.Sample);
        _guided.Predict(_steps.Timesteps[_next]);
        GuidedPrediction prediction = _guided.Prediction;
        RequireFinite(prediction.Conditional, Finite.NoisePredictor);
        RequireFinite(prediction.Unconditional, Finite.NoisePredictor);
        _steps.Step(_next, prediction, _previous, _sample, _noise);
        RequireFinite(_sample, Finite.Scheduler);
        _next++;
        if (!_steps.KeepsKnownRegion)
        {
            _known?.Keep(_steps, _next, _sample);
        }

        if (_next == _steps.Timesteps.Count)
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

    public IReadOnlyList<GeneratedImage> DecodePreview() => Split(Decode(PredictOriginal()));

    public GenerationResult DecodeResult()
    {
        long started = Stopwatch.GetTimestamp();
        Tensor<float> latents = CopyLatents();
        IReadOnlyList<GeneratedImage> images = Split(KnownPixels.Paste(_request.Request, Decode(latents)));
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
    private static int FirstStep(ResolvedRequest request, ISchedulerRun run)
    {
        if (request.Request.InitialImage is null)
        {
            return 0;
        }

        int taken = Math.Min((int)(request.Steps * request.Request.Strength), request.Steps);
        return taken == 0 ? run.Timesteps.Count : run.FirstCallOf(request.Steps - taken);
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

    private void RequireFinite(ReadOnlySpan<float> values, string part) => Finite.Require(values, part, _next - _first + 1, _steps.Timesteps[_next]);

    private Tensor<float> Decode(Tensor<float> latents) => Finite.Require(_parts.LatentDecoder.Decode(latents, _cancellationToken), Finite.LatentDecoder);

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
