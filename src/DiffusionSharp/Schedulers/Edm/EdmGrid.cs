using DiffusionSharp.Schedulers.Sigmas;

namespace DiffusionSharp.Schedulers.Edm;

/// <summary>The noise levels of EDM, and where models are asked at them: <c>c_noise = log(σ)/4</c>.</summary>
internal static class EdmGrid
{
    /// <summary>The grid of a generation.</summary>
    /// <param name="options">The options.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="final">σ after the last step, where that is not zero; null for that of the last step.</param>
    public static SigmaGrid Create(EdmOptions options, SamplingPlan plan, double? final)
    {
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("A model of EDM has no integer timesteps: give noise levels (Sigmas) instead.", nameof(plan));
        }

        double[] sigmas = SigmaGrid.RoundToSingle(plan.Sigmas is { } custom ? SigmaGrid.CheckCustom(custom) : Spread(options, plan.Steps));
        double[] timesteps = SigmaGrid.RoundToSingle(Array.ConvertAll(sigmas, sigma => 0.25 * Math.Log(sigma)));
        return new SigmaGrid(timesteps, SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, options.FinalSigma == FinalSigma.Zero ? 0 : final ?? sigmas[^1])));
    }

    private static double[] Spread(EdmOptions options, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return options.SigmaSpacing == SigmaSpacing.Karras
            ? SigmaSpacings.Karras(options.SigmaMin, options.SigmaMax, steps, options.Rho)
            : Exponential(options.SigmaMin, options.SigmaMax, steps);
    }

    // In float32 from both ends, as reference implementations spread log σ: models asked at log(σ)/4 near a pole of theirs feel the rounding.
    private static double[] Exponential(double minimum, double maximum, int steps)
    {
        (float low, float high) = ((float)Math.Log(minimum), (float)Math.Log(maximum));
        float stride = (high - low) / Math.Max(1, steps - 1);
        var sigmas = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            sigmas[i] = MathF.Exp(i < steps - (steps / 2) ? high - (stride * i) : low + (stride * (steps - 1 - i)));
        }

        return sigmas;
    }
}
