using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>The guided predictions of one generation, without a loop around them.</summary>
internal sealed class GuidedRun : IDisposable
{
    private readonly TermEngine _engine;
    private readonly IGuidanceRun _guidance;

    public GuidedRun(IGuidance guidance, INoisePredictor predictor, SampleShape shape, Conditioning conditional, Conditioning? unconditional, double scale, GuidanceBatching batching = GuidanceBatching.OneCall, CancellationToken cancellationToken = default)
    {
        double[] scales = [.. Enumerable.Repeat(scale, shape.Batch)];
        var request = new GenerationRequest { Count = shape.Batch, Conditioning = conditional, NegativeConditioning = unconditional };
        var plan = new GuidancePlan(shape, request, scales, guidance.Terms(scales, schedulerNeedsUnconditional: false)) { CancellationToken = cancellationToken };
        var noise = new GenerationNoise([.. Enumerable.Range(0, shape.Batch).Select(seed => new TorchCpuNoise(seed))]);
        _guidance = guidance.Start(plan);
        _engine = new TermEngine(shape, predictor, batching, schedulerNeedsUnconditional: false, new ConditionContext(request, shape, new CallGrid(1, 1, static step => step), plan, noise, null, []), cancellationToken);
        Sample = new float[shape.Length];
        _engine.Select(PredictionRunExtensions.At(0), _guidance);
    }

    public float[] Sample { get; }

    public GuidedPrediction Prediction => _engine.Result;

    public int Evaluations => _engine.Evaluations;

    public void Predict(double timestep)
    {
        StepPoint at = PredictionRunExtensions.At(timestep);
        Sample.CopyTo(_engine.Select(at, _guidance));
        _engine.Predict(at);
        _guidance.Combine(at, _engine);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _guidance.Dispose();
    }
}
