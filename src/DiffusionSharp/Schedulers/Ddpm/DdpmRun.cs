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

    private bool IsLarge => _options.VarianceType is VarianceType.FixedLarge or VarianceType.FixedLargeLog;

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

        var level = Transition.At(this, call);
        double fixedVariance = IsLarge ? level.Beta : level.Posterior;

        // The posterior mean, eq. 7, and by algorithm 1 of arXiv:2105.05233 the score times the variance. A learned variance differs from value to value.
        StepCoefficients step = ForOriginal(level.AlphaBar) with
        {
            FromModel = Math.Sqrt(level.AlphaBarNext) * level.Beta / level.BetaBar,
            FromSample = Math.Sqrt(level.Alpha) * level.BetaBarNext / level.BetaBar,
            NoiseScale = IsLearned ? 1 : Math.Sqrt(fixedVariance),
            FromScore = IsLearned ? 0 : IsLarge ? LowerVariance(call, level, level.Beta) : fixedVariance,
        };

        Span<float> z = t > 0 || _options.DrawsEveryStep ? Kernel.DrawNoise(noise) : [];
        z = t > 0 ? z : [];
        for (int i = 0; IsLearned && !z.IsEmpty && i * _deviation.Length < sample.Length; i++)
        {
            PredictDeviation(i, prediction, level.Posterior, level.Beta);
            Span<float> image = Image(z, i);
            TensorPrimitives.Multiply(image, _deviation, image);
        }

        Kernel.Step(step, prediction, sample, z, destination);
        if (IsLearned && !prediction.Score.IsEmpty)
        {
            AddScore(prediction, LowerVariance(call, level, level.Posterior), level.Beta, destination);
        }
    }

    // The last step, which has no noise to take its variance from, has that of the step before, as the reference implementation of scores has it.
    private float LowerVariance(int call, in Transition level, float variance) =>
        level.AlphaBarNext == 1 && call > 0 ? Transition.At(this, call - 1).Posterior : variance;

    private void AddScore(in GuidedPrediction prediction, float low, float high, Span<float> destination)
    {
        for (int i = 0; i * _deviation.Length < destination.Length; i++)
        {
            PredictDeviation(i, prediction, low, high);
            TensorPrimitives.Multiply(_deviation, _deviation, _deviation);
            Span<float> image = Image(destination, i);
            TensorPrimitives.MultiplyAdd(_deviation, prediction.Score.Slice(i * _deviation.Length, _deviation.Length), image, image);
        }
    }

    private void PredictDeviation(int picture, in GuidedPrediction prediction, float low, float high)
    {
        ReadOnlySpan<float> predicted = Kernel.VarianceOf(picture, prediction);
        if (_options.VarianceType == VarianceType.Learned)
        {
            TensorPrimitives.Sqrt(predicted, _deviation);
            return;
        }

        // log σ = (f·log β + (1-f)·log β̃)/2 with f = (v + 1)/2, so it is linear in v.
        float logLow = MathF.Log(low);
        float logHigh = MathF.Log(high);
        TensorPrimitives.Multiply(predicted, (logHigh - logLow) / 4, _deviation);
        TensorPrimitives.Add(_deviation, (logHigh + logLow) / 4, _deviation);
        TensorPrimitives.Exp(_deviation, _deviation);
    }

    private Span<float> Image(Span<float> batch, int index) => batch.Slice(index * _deviation.Length, _deviation.Length);

    /// <summary>What a step goes from and to. Differences of nearly equal float32 numbers, taken in float32 as the reference implementation takes them: the rounding is part of its result.</summary>
    private readonly record struct Transition(float AlphaBar, float AlphaBarNext, float Alpha, float Beta)
    {
        public float BetaBar => 1 - AlphaBar;

        public float BetaBarNext => 1 - AlphaBarNext;

        public float Posterior => MathF.Max(BetaBarNext / BetaBar * Beta, SmallestVariance);

        public static Transition At(DdpmRun run, int call)
        {
            NoiseSchedule schedule = run._options.Schedule;
            int t = run.TimestepAt(call);
            int next = call + 1 < run.CallCount ? run.TimestepAt(call + 1) : -1;
            float alphaBarNext = next >= 0 ? schedule.AlphaBar[next] : 1;
            float ratio = schedule.AlphaBar[t] / alphaBarNext;
            float beta = run._options.UsesScheduledBetas && next == t - 1 ? schedule.Betas[t] : 1 - ratio;
            return new Transition(schedule.AlphaBar[t], alphaBarNext, run._options.UsesScheduledBetas ? 1 - beta : ratio, beta);
        }
    }
}
