using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// The layout of schedulers that keep timesteps fractional (Euler and its kin, after k-diffusion): timesteps by their spacing, σ
/// interpolated there; other σ spacings lie between the first and last of those, and timesteps follow from σ.
/// </summary>
internal static class FractionalGrid
{
    /// <summary>The timesteps of a plan, not rounded.</summary>
    public static double[] Timesteps(SamplingPlan plan, DiscreteSchedulerOptions options)
    {
        CheckPredictionType(options);
        if (plan.Timesteps is not null || options.TimestepSpacing is not (TimestepSpacing.Linspace or TimestepSpacing.SgmUniform))
        {
            return Array.ConvertAll(TimestepGrid.Create(plan, options), t => (double)t);
        }

        int trained = options.Schedule.TrainingTimesteps;
        TimestepGrid.CheckSteps(plan.Steps, trained);
        var timesteps = new double[plan.Steps];
        int first = options.TimestepSpacing == TimestepSpacing.Linspace ? plan.Steps - 1 : plan.Steps;
        double stride = (trained - 1) / (double)Math.Max(1, first);
        for (int i = 0; i < timesteps.Length; i++)
        {
            timesteps[i] = (float)((first - i) * stride);
        }

        return timesteps;
    }

    /// <summary>Timesteps and σ; the last σ is <paramref name="final"/>.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The options.</param>
    /// <param name="table">σ of the noise schedule.</param>
    /// <param name="minimum">Smallest σ of a spacing, in place of the grid's own.</param>
    /// <param name="maximum">Largest σ of a spacing, in place of the grid's own.</param>
    /// <param name="final">σ after the last step.</param>
    public static SigmaGrid Create(SamplingPlan plan, SigmaOptions options, SigmaTable table, double? minimum, double? maximum, double final)
    {
        if (plan.Sigmas is { } custom)
        {
            return Custom(SigmaGrid.CheckCustom(custom), plan, options, table, final);
        }

        double[] timesteps = Timesteps(plan, options);
        double[] sigmas = Array.ConvertAll(timesteps, table.At);
        if (options.SigmaSpacing != SigmaSpacing.Default)
        {
            RejectCustomTimesteps(plan);
            sigmas = SigmaSpacings.Create(options.SigmaSpacing, minimum ?? sigmas[^1], maximum ?? sigmas[0], sigmas.Length);
            timesteps = Array.ConvertAll(sigmas, table.TimestepOf);
        }

        return new SigmaGrid(SigmaGrid.RoundToSingle(timesteps), SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, final)));
    }

    private static SigmaGrid Custom(double[] sigmas, SamplingPlan plan, SigmaOptions options, SigmaTable table, double final)
    {
        CheckPredictionType(options);
        if (plan.Timesteps is not null || options.SigmaSpacing != SigmaSpacing.Default)
        {
            throw new ArgumentException("Noise levels of your own need the default spacing of sigmas and no timesteps of your own.", nameof(plan));
        }

        return new SigmaGrid(SigmaGrid.RoundToSingle(Array.ConvertAll(sigmas, table.TimestepOf)), SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, final)));
    }

    private static void CheckPredictionType(DiscreteSchedulerOptions options)
    {
        if (options.PredictionType is not (PredictionType.Epsilon or PredictionType.Sample or PredictionType.Velocity))
        {
            throw new ArgumentException($"A scheduler of the process x_0 + σ·ε does not know the prediction type {options.PredictionType}.", nameof(options));
        }
    }

    /// <summary>Throws where timesteps are given but the spacing of σ would determine them.</summary>
    public static void RejectCustomTimesteps(SamplingPlan plan)
    {
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("Timesteps of your own need the default spacing of sigmas: any other determines the timesteps itself.", nameof(plan));
        }
    }
}
