namespace DiffusionSharp.Schedulers;

/// <summary>
/// The layout of schedulers that integrate in λ: whole timesteps of n + 1 points of which the smallest is left out, σ there, or σ by a
/// spacing over the whole training range and whole timesteps that follow from it.
/// </summary>
internal static class LogSnrGrid
{
    /// <summary>The timesteps and σ of a generation, by the options.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The options.</param>
    /// <param name="table">σ of the noise schedule.</param>
    /// <param name="usable">How many trained timesteps may be visited, from 0 up.</param>
    /// <param name="rounds">Whether timesteps that follow from Karras or Lu spacing are rounded; those of others are always cut.</param>
    /// <param name="final">σ after the last step; null for that of the last step.</param>
    public static SigmaGrid Create(SamplingPlan plan, LogSnrOptions options, SigmaTable table, int usable, bool rounds, double? final)
    {
        plan.RejectSigmas();
        bool karras = options.SigmaSpacing is SigmaSpacing.Karras or SigmaSpacing.Lu;
        (double[] timesteps, double[] sigmas) = options switch
        {
            { SigmaSpacing: not SigmaSpacing.Default } => Spread(plan, options.SigmaSpacing, table, table.Minimum, table.Maximum, rounds && karras),
            { FlowSigmas: true } => Flow(plan, options),
            _ => AtTimesteps(Timesteps(plan, options, usable), table),
        };
        return Finish(timesteps, sigmas, final ?? sigmas[^1]);
    }

    /// <summary>How many trained timesteps, from 0 up, have a λ of at least a minimum.</summary>
    public static int Usable(SigmaTable table, double lambdaMinimum)
    {
        int usable = table.Count - table.CountBelowLambda(lambdaMinimum);
        return usable >= 1
            ? usable
            : throw new ArgumentException($"The smallest λ to visit is set to {lambdaMinimum}, above every λ of the noise schedule.", nameof(lambdaMinimum));
    }

    /// <summary>A layout with the last σ, rounded to float32.</summary>
    public static SigmaGrid Finish(double[] timesteps, double[] sigmas, double final) => new(timesteps, SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, final)));

    /// <summary>n timesteps of the last <paramref name="usable"/> or fewer trained ones, falling.</summary>
    public static int[] Timesteps(SamplingPlan plan, DiscreteSchedulerOptions options, int usable)
    {
        int trained = options.Schedule.TrainingTimesteps;
        if (plan.Timesteps is not null)
        {
            return TimestepGrid.Create(plan, options);
        }

        TimestepGrid.CheckSteps(plan.Steps, trained);
        int[] timesteps = options.TimestepSpacing switch
        {
            TimestepSpacing.Leading => Falling(plan.Steps, i => (i * (usable / (plan.Steps + 1))) + options.StepsOffset),
            TimestepSpacing.Linspace or TimestepSpacing.SgmUniform => Falling(plan.Steps, i => (int)Math.Round(i == plan.Steps ? usable - 1 : i * ((usable - 1) / (double)plan.Steps))),
            TimestepSpacing.Trailing => Trailing(plan.Steps, trained, usable),
            TimestepSpacing.Simple => TimestepGrid.Create(TimestepSpacing.Simple, usable, plan.Steps, offset: 0),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.TimestepSpacing, "Unknown timestep spacing."),
        };
        CheckFalling(timesteps, plan, trained);
        return timesteps;
    }

    /// <summary>Timesteps and σ of the default spacing: the training σ at whole timesteps, not rounded to float32.</summary>
    public static (double[] Timesteps, double[] Sigmas) AtTimesteps(int[] timesteps, SigmaTable table)
    {
        double[] whole = Array.ConvertAll(timesteps, t => (double)t);
        return (whole, Array.ConvertAll(whole, table.At));
    }

    /// <summary>Timesteps, rounded or cut to whole ones, and σ of any other spacing.</summary>
    public static (double[] Timesteps, double[] Sigmas) Spread(SamplingPlan plan, SigmaSpacing spacing, SigmaTable table, double minimum, double maximum, bool rounds)
    {
        FractionalGrid.RejectCustomTimesteps(plan);
        TimestepGrid.CheckSteps(plan.Steps, table.Count);
        double[] sigmas = spacing == SigmaSpacing.Lu
            ? SigmaSpacings.Lu(table.LogMinimum, table.LogMaximum, plan.Steps)
            : SigmaSpacings.Create(spacing, minimum, maximum, plan.Steps);
        return (Array.ConvertAll(sigmas, sigma => rounds ? Math.Round(table.TimestepOf(sigma)) : Math.Truncate(table.TimestepOf(sigma))), sigmas);
    }

    /// <summary>Timesteps and σ of flow matching, evenly from 1 - 1/N down to 0, which is left out, and shifted.</summary>
    public static (double[] Timesteps, double[] Sigmas) Flow(SamplingPlan plan, LogSnrOptions options)
    {
        FractionalGrid.RejectCustomTimesteps(plan);
        int trained = options.Schedule.TrainingTimesteps;
        TimestepGrid.CheckSteps(plan.Steps, trained);
        double shift = options.UsesDynamicShifting && plan.Mu is { } mu ? Math.Exp(mu) : options.FlowShift;
        double[] alphas = FlowSpace(plan.Steps, trained);
        var sigmas = new double[plan.Steps];
        for (int i = 0; i < sigmas.Length; i++)
        {
            sigmas[i] = Shift(1 - alphas[plan.Steps - i], shift);
        }

        return (FlowTimesteps(sigmas, trained), sigmas);
    }

    /// <summary>n + 1 points evenly from 1 down to 1/N.</summary>
    public static double[] FlowSpace(int steps, int trained)
    {
        // Multiplied and added in NumPy's order: timesteps are cut to whole ones, so the last bit shows.
        double last = 1 / (double)trained;
        double stride = (last - 1) / steps;
        var points = new double[steps + 1];
        for (int i = 0; i < steps; i++)
        {
            points[i] = (i * stride) + 1;
        }

        points[steps] = last;
        return points;
    }

    /// <summary>σ' = s·σ/(1 + (s-1)·σ).</summary>
    public static double Shift(double sigma, double shift) => shift * sigma / (1 + ((shift - 1) * sigma));

    /// <summary>Whole timesteps σ·N.</summary>
    public static double[] FlowTimesteps(double[] sigmas, int trained) => Array.ConvertAll(sigmas, sigma => Math.Truncate(sigma * trained));

    private static int[] Falling(int steps, Func<int, int> timestep)
    {
        var timesteps = new int[steps];
        for (int i = 0; i < steps; i++)
        {
            timesteps[i] = timestep(steps - i);
        }

        return timesteps;
    }

    /// <summary>Strides of N/n from the last usable timestep down; fewer than n where not all are usable.</summary>
    public static int[] Trailing(int steps, int trained, int usable)
    {
        double stride = trained / (double)steps;
        double rounded = usable - stride - usable;
        var timesteps = new int[Math.Min(steps, (int)Math.Ceiling(usable / stride))];
        for (int i = 0; i < timesteps.Length; i++)
        {
            timesteps[i] = (int)Math.Round(usable + (i * rounded)) - 1;
        }

        return timesteps;
    }

    private static void CheckFalling(int[] timesteps, SamplingPlan plan, int trained)
    {
        for (int i = 0; i < timesteps.Length; i++)
        {
            if (timesteps[i] >= trained || timesteps[i] < 0 || (i > 0 && timesteps[i] >= timesteps[i - 1]))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(plan),
                    plan.Steps,
                    $"With this spacing {plan.Steps} steps do not fit into the timesteps 0 to {trained - 1} (step {i} would be at {timesteps[i]}): take fewer steps or another spacing.");
            }
        }
    }
}
