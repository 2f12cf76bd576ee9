namespace DiffusionSharp.Schedulers;

/// <summary>The noise levels of a variance-exploding process, in float32 as the reference implementation computes them.</summary>
internal static class ScoreSdeVeGrid
{
    /// <summary>σ where each step begins and where it ends: neighbours among as many levels as there are steps, evenly in log σ, below which is 0.</summary>
    public static (double From, double To)[] Steps(ScoreSdeVeOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        plan.RejectTimesteps();
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Steps, 2, nameof(plan));
        float[] logs = NoiseSchedule.LinearSpace(Math.Log(options.SigmaMin), Math.Log(options.SigmaMax), plan.Steps);
        return Array.ConvertAll(Times(options, plan.Steps), time =>
        {
            int level = (int)(time * (plan.Steps - 1));
            return ((double)MathF.Exp(logs[level]), level == 0 ? 0.0 : MathF.Exp(logs[level - 1]));
        });
    }

    /// <summary>The level of each model call, which is asked at the σ of a step's time.</summary>
    public static NoiseLevel[] Levels(ScoreSdeVeOptions options, (double From, double To)[] steps)
    {
        float[] times = Times(options, steps.Length);
        double growth = options.SigmaMax / options.SigmaMin;
        int callsPerStep = options.CorrectorSteps + 1;
        var levels = new NoiseLevel[steps.Length * callsPerStep];
        for (int call = 0; call < levels.Length; call++)
        {
            int step = call / callsPerStep;
            double sigma = steps[step].From;
            var original = new StepCoefficients { ModelFromSample = 1, ModelFromPrediction = sigma * sigma };
            levels[call] = NoiseLevel.OfSample((float)(options.SigmaMin * Math.Pow(growth, times[step])), 1, sigma, original);
        }

        return levels;
    }

    private static float[] Times(ScoreSdeVeOptions options, int steps) => NoiseSchedule.LinearSpace(1, options.End, steps);
}
