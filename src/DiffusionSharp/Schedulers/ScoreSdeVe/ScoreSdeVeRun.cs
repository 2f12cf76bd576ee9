using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

internal sealed class ScoreSdeVeRun : SchedulerRun
{
    private readonly SampleShape _shape;
    private readonly double _signalToNoise;
    private readonly int _correctorSteps;
    private readonly (double From, double To)[] _steps;
    private readonly float[] _score;

    public ScoreSdeVeRun(ScoreSdeVeOptions options, SamplingPlan plan)
        : this(options, plan, ScoreSdeVeGrid.Steps(options, plan))
    {
    }

    private ScoreSdeVeRun(ScoreSdeVeOptions options, SamplingPlan plan, (double From, double To)[] steps)
        : base(ScoreSdeVeGrid.Levels(options, steps), new StepKernel(plan.Shape, stochastic: true), trainingTimesteps: null)
    {
        (_shape, _signalToNoise, _correctorSteps, _steps) = (plan.Shape, options.SignalToNoise, options.CorrectorSteps, steps);
        _score = _correctorSteps > 0 ? new float[plan.Shape.Length] : [];
        InitialNoiseScale = options.SigmaMax;
    }

    private int CallsPerStep => _correctorSteps + 1;

    public override int StepOf(int call) => call / CallsPerStep;

    public override int FirstCallOf(int step) => Math.Min(step * CallsPerStep, CallCount);

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        LevelAt(call);
        ReadOnlySpan<float> z = Kernel.DrawNoise(noise);
        StepCoefficients step = call % CallsPerStep < _correctorSteps ? Corrector(prediction, sample, z) : Predictor(StepOf(call));
        Kernel.Step(step, prediction, sample, z, destination);
    }

    // m is the score. Eq. 47 of the paper; the last step keeps the mean.
    private StepCoefficients Predictor(int step)
    {
        (double from, double to) = _steps[step];
        double variance = (from * from) - (to * to);
        bool isLast = step == _steps.Length - 1;
        return new() { ModelFromSample = 0, ModelFromPrediction = 1, FromSample = 1, FromModel = variance, NoiseScale = isLast ? 0 : Math.Sqrt(variance) };
    }

    private StepCoefficients Corrector(in GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> z)
    {
        var score = new StepCoefficients { ModelFromSample = 0, ModelFromPrediction = 1, FromSample = 1 };
        Kernel.Model(score, prediction, sample, _score);
        double ratio = _signalToNoise * MeanNorm(z) / MeanNorm(_score);
        double length = 2 * ratio * ratio;
        return score with { FromModel = length, NoiseScale = Math.Sqrt(2 * length) };
    }

    private double MeanNorm(ReadOnlySpan<float> batch)
    {
        double sum = 0;
        for (int i = 0; i < _shape.Batch; i++)
        {
            sum += TensorPrimitives.Norm(batch.Slice(i * _shape.ImageLength, _shape.ImageLength));
        }

        return sum / _shape.Batch;
    }
}
