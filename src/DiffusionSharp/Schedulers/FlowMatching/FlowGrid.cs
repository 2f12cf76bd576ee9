using System.Numerics;

namespace DiffusionSharp.Schedulers;

/// <summary>Lays out the noise levels of flow-matching schedulers.</summary>
internal static class FlowGrid
{
    /// <summary>σ before each step, falling, in float32 precision; the one after the last step is not among them.</summary>
    /// <exception cref="ArgumentException">The plan's σ or timesteps are out of range, or the options lead to σ that are no numbers.</exception>
    public static double[] Create(SamplingPlan plan, FlowOptions options)
    {
        // The reference implementation computes with float32 what it is given and with double what it spaces itself.
        double[] sigmas = plan switch
        {
            { Sigmas: { } given } => Shift(CheckGiven(given, 1, "Sigma").ConvertAll(s => (float)s).ToArray(), plan, options),
            { Timesteps: { } given } => Shift(
                CheckGiven(given.Select(t => (double)t), options.TrainingTimesteps, "Timestep").ConvertAll(t => (float)t / options.TrainingTimesteps).ToArray(), plan, options),
            _ => Shift(Space(plan.Steps, options), plan, options),
        };
        if (options.SigmaSpacing is SigmaSpacing.AlignYourSteps or SigmaSpacing.AlignYourStepsXl or SigmaSpacing.Gits)
        {
            throw new ArgumentException($"The levels of {options.SigmaSpacing} were found for the process x_0 + σ·ε: set {nameof(FlowOptions.SigmaSpacing)} of a flow-matching scheduler to another.", nameof(options));
        }

        if (options.SigmaSpacing != SigmaSpacing.Default)
        {
            sigmas = SigmaSpacings.Create(options.SigmaSpacing, sigmas[^1], sigmas[0], sigmas.Length);
        }

        sigmas = SigmaGrid.RoundToSingle(sigmas);
        return Array.TrueForAll(sigmas, double.IsFinite)
            ? sigmas
            : throw new ArgumentException($"The time shift gives noise levels that are no numbers ({string.Join(", ", sigmas.Take(8))}, ...): see {nameof(FlowOptions.Shift)}, {nameof(SamplingPlan.Mu)} and {nameof(FlowOptions.ShiftTerminal)}.", nameof(plan));
    }

    private static List<double> CheckGiven(IEnumerable<double> given, double maximum, string name)
    {
        List<double> values = [.. given];
        if (values.Count == 0)
        {
            throw new ArgumentException($"The list of {name.ToLowerInvariant()}s is empty.", nameof(given));
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (!(values[i] >= 0 && values[i] <= maximum))
            {
                throw new ArgumentOutOfRangeException(nameof(given), values[i], $"{name} {i} of a flow-matching plan must be in [0, {maximum}].");
            }
        }

        return values;
    }

    private static double[] Space(int steps, FlowOptions options)
    {
        if (steps < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, "The number of steps must be at least 1.");
        }

        double trained = options.TrainingTimesteps;
        double first = trained;
        double last = trained / steps;
        if (!options.StartsFromUniformSigmas)
        {
            // The ends of the training range carry the static shift, in float32.
            double shift = options.DynamicShift is null ? options.Shift : 1;
            first = StaticShift(1f, shift) * trained;
            last = StaticShift(1 / (float)trained, shift) * trained;
        }

        var sigmas = new double[steps];
        double stride = (last - first) / Math.Max(1, steps - 1);
        for (int i = 0; i < steps; i++)
        {
            sigmas[i] = (i > 0 && i == steps - 1 ? last : (i * stride) + first) / trained;
        }

        return sigmas;
    }

    private static double[] Shift<T>(T[] sigmas, SamplingPlan plan, FlowOptions options)
        where T : IBinaryFloatingPointIeee754<T>
    {
        if (options.DynamicShift is { } dynamic)
        {
            T weight = T.CreateChecked(dynamic.Weight(plan.Mu ?? dynamic.Mu(plan.Shape)));
            sigmas = Array.ConvertAll(sigmas, sigma => weight / (weight + ((T.One / sigma) - T.One)));
        }
        else
        {
            sigmas = Array.ConvertAll(sigmas, sigma => StaticShift(sigma, options.Shift));
        }

        if (options.ShiftTerminal > 0)
        {
            double stretch = double.CreateChecked(T.One - sigmas[^1]) / (1 - options.ShiftTerminal);
            sigmas = Array.ConvertAll(sigmas, sigma => T.One - ((T.One - sigma) / T.CreateChecked(stretch)));
        }

        return Array.ConvertAll(sigmas, double.CreateChecked);
    }

    private static T StaticShift<T>(T sigma, double shift)
        where T : IBinaryFloatingPointIeee754<T> =>
        T.CreateChecked(shift) * sigma / (T.One + (T.CreateChecked(shift - 1) * sigma));
}
