namespace DiffusionSharp.Schedulers;

/// <summary>The noise levels of <see cref="KarrasVeScheduler"/>.</summary>
internal static class KarrasVeGrid
{
    // σ̂ is at most this many times σ above it (arXiv:2206.00364, algorithm 2).
    private static readonly double MaximumGamma = Math.Sqrt(2) - 1;

    /// <summary>σ of each step, falling evenly in log σ, and 0 after the last; in float32.</summary>
    public static double[] Sigmas(KarrasVeOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        plan.RejectTimesteps();
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Steps, 2, nameof(plan));
        double largest = options.SigmaMax * options.SigmaMax;
        double ratio = options.SigmaMin * options.SigmaMin / largest;
        var sigmas = new double[plan.Steps + 1];
        for (int i = 0; i < plan.Steps; i++)
        {
            sigmas[i] = (float)(largest * Math.Pow(ratio, i / (float)(plan.Steps - 1)));
        }

        return sigmas;
    }

    /// <summary>The level of each model call: that of a step after churn, then that which it goes to.</summary>
    public static NoiseLevel[] Levels(KarrasVeOptions options, double[] sigmas)
    {
        int steps = sigmas.Length - 1;
        var levels = new NoiseLevel[(2 * steps) - 1];
        for (int call = 0; call < levels.Length; call++)
        {
            double sigma = sigmas[(call + 1) / 2];
            bool isChurned = call % 2 == 0 && sigma >= options.ChurnMinimum && sigma <= options.ChurnMaximum;
            double level = isChurned ? (float)(sigma * (1 + Math.Min(options.Churn / steps, MaximumGamma))) : sigma;
            levels[call] = NoiseLevel.OfSample(level, 1, level, new StepCoefficients { ModelFromSample = 1, ModelFromPrediction = level });
        }

        return levels;
    }
}
