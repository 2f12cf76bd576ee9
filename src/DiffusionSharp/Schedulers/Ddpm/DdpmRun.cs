using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DdpmRun : DiscreteRun
{
    private const float SmallestVariance = 1e-20f;

    private readonly DdpmOptions _options;
    private readonly float[] _deviation;

    public DdpmRun(DdpmOptions options, SamplingPlan plan)
        : base(options, plan, stochastic: true)
    {
        _options = options;
        _deviation = IsLearned ? new float[plan.Shape.ImageLength] : [];
    }

    private bool IsLearned => _options.VarianceType is VarianceType.Learned or VarianceType.LearnedRange;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int t = TimestepAt(call);
        bool hasVariance = Kernel.HasVariance(prediction, sample);
        if (IsLearned && !hasVariance)
        {
            throw new ArgumentException(
                $"Variance type {_options.VarianceType} needs a model with twice the sample's channels, but the prediction has {prediction.Conditional.Length} values for a sample of {sample.Length}.",
                nameof(prediction));
        }

        // Differences of nearly equal float32 numbers, taken in float32 as the reference implementation takes them: the rounding is part of its result.
        float alphaBar = _options.Schedule.AlphaBar[t];
        int next = call + 1 < IntegerTimesteps.Length ? IntegerTimesteps[call + 1] : -1;
        float alphaBarNext = next >= 0 ? _options.Schedule.AlphaBar[next] : 1;
        float ratio = alphaBar / alphaBarNext;
        float beta = _options.UsesScheduledBetas && next == t - 1 ? _options.Schedule.Betas[t] : 1 - ratio;
        float alpha = _options.UsesScheduledBetas ? 1 - beta : ratio;
        float betaBar = 1 - alphaBar;
        float betaBarNext = 1 - alphaBarNext;
        float posterior = MathF.Max(betaBarNext / betaBar * beta, SmallestVariance);

        // The posterior mean, eq. 7.
        StepCoefficients step = ForOriginal(alphaBar) with
        {
            FromModel = Math.Sqrt(alphaBarNext) * beta / betaBar,
            FromSample = Math.Sqrt(alpha) * betaBarNext / betaBar,
            NoiseScale = IsLearned ? 1 : Math.Sqrt(_options.VarianceType is VarianceType.FixedLarge or VarianceType.FixedLargeLog ? beta : posterior),
        };

        Span<float> z = t > 0 ? Kernel.DrawNoise(noise) : [];
        if (IsLearned)
        {
            ScaleByLearnedDeviation(z, prediction, posterior, beta);
        }

        Kernel.Step(step, prediction, sample, z, destination);
    }

    private void ScaleByLearnedDeviation(Span<float> noise, in GuidedPrediction prediction, float posterior, float beta)
    {
        int image = _deviation.Length;
        for (int i = 0; i * image < noise.Length; i++)
        {
            ReadOnlySpan<float> predicted = Kernel.VarianceOf(i, prediction);
            if (_options.VarianceType == VarianceType.Learned)
            {
                TensorPrimitives.Sqrt(predicted, _deviation);
            }
            else
            {
                // log σ = (f·log β + (1-f)·log β̃)/2 with f = (v + 1)/2, so it is linear in v.
                float logLow = MathF.Log(posterior);
                float logHigh = MathF.Log(beta);
                TensorPrimitives.Multiply(predicted, (logHigh - logLow) / 4, _deviation);
                TensorPrimitives.Add(_deviation, (logHigh + logLow) / 4, _deviation);
                TensorPrimitives.Exp(_deviation, _deviation);
            }

            Span<float> imageNoise = noise.Slice(i * image, image);
            TensorPrimitives.Multiply(imageNoise, _deviation, imageNoise);
        }
    }
}
