namespace DiffusionSharp.Schedulers;

/// <summary>The noise levels of EDM, and where models are asked at them.</summary>
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
        double[] timesteps = SigmaGrid.RoundToSingle(Array.ConvertAll(sigmas, options.TimestepOf));
        return new SigmaGrid(timesteps, SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, options.FinalSigma == FinalSigma.Zero ? 0 : final ?? sigmas[^1])));
    }

    private static double[] Spread(EdmOptions options, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return options.SigmaSpacing == SigmaSpacing.Karras
            ? Karras(options.SigmaMin, options.SigmaMax, steps, options.Rho)
            : Exponential(options.SigmaMin, options.SigmaMax, steps);
    }

    // Both in float32 and from both ends, as reference implementations spread them: models asked at log(σ)/4 near a pole of theirs feel the
    // rounding, and with a small ρ it is large at the smallest σ.
    private static double[] Karras(double minimum, double maximum, int steps, double rho)
    {
        double root = Math.Pow(maximum, 1 / rho);
        (float high, float range) = ((float)root, (float)(Math.Pow(minimum, 1 / rho) - root));
        float stride = 1f / Math.Max(1, steps - 1);
        var sigmas = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            float u = i < steps - (steps / 2) ? stride * i : 1 - (stride * (steps - 1 - i));
            float power = high + (u * range);
            sigmas[i] = rho == 3 ? power * power * power : (float)Math.Pow(power, rho);
        }

        return sigmas;
    }

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
