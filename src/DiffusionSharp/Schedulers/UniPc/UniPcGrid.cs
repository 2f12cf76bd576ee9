namespace DiffusionSharp.Schedulers;

/// <summary>Timesteps and σ of UniPC.</summary>
internal static class UniPcGrid
{
    // σ = 1 of flow matching leaves nothing of the signal, λ = -∞; this much less is finite.
    private const double Nudge = 1e-6;

    public static SigmaGrid Create(UniPcOptions options, SamplingPlan plan)
    {
        bool isDefault = options.SigmaSpacing == SigmaSpacing.Default && !options.FlowSigmas;
        if (plan.Sigmas is not null && (isDefault || options.SigmaSpacing != SigmaSpacing.Default))
        {
            throw new ArgumentException($"Sigmas of your own need {nameof(options.FlowSigmas)} and the default spacing.", nameof(plan));
        }

        var table = new SigmaTable(options.Schedule);
        (double[] timesteps, double[] sigmas) = options switch
        {
            { SigmaSpacing: not SigmaSpacing.Default } => Spread(options, plan, table),
            { FlowSigmas: true } => Flow(options, plan),
            _ => LogSnrGrid.AtTimesteps(LogSnrGrid.Timesteps(plan, options, table.Count), table),
        };
        double final = options.FinalSigma == FinalSigma.Zero ? 0 : isDefault ? table.Minimum : sigmas[^1];
        return LogSnrGrid.Finish(timesteps, sigmas, final);
    }

    private static (double[] Timesteps, double[] Sigmas) Spread(UniPcOptions options, SamplingPlan plan, SigmaTable table)
    {
        bool karras = options.SigmaSpacing is SigmaSpacing.Karras;
        (double[] timesteps, double[] sigmas) = LogSnrGrid.Spread(
            plan,
            options.SigmaSpacing,
            table,
            options.SigmaMin ?? table.Minimum,
            options.SigmaMax ?? table.Maximum,
            rounds: karras || options.SigmaSpacing is SigmaSpacing.Lu);
        if (!karras || !options.FlowSigmas)
        {
            return (timesteps, sigmas);
        }

        // From σ/α, which Karras spacing is of, to σ of α + σ = 1.
        sigmas = Array.ConvertAll(sigmas, sigma => sigma / (sigma + 1));
        return (LogSnrGrid.FlowTimesteps(sigmas, table.Count), sigmas);
    }

    private static (double[] Timesteps, double[] Sigmas) Flow(UniPcOptions options, SamplingPlan plan)
    {
        FractionalGrid.RejectCustomTimesteps(plan);
        int trained = options.Schedule.TrainingTimesteps;
        double[] sigmas = Points(plan, trained);
        double? mu = options.UsesDynamicShifting
            ? plan.Mu ?? throw new ArgumentException($"{nameof(options.UsesDynamicShifting)} is set, so the plan needs a {nameof(plan.Mu)}.", nameof(plan))
            : null;
        sigmas = Array.ConvertAll(sigmas, sigma => mu is { } shift ? Shift(sigma, options.ShiftsLinearly ? shift : Math.Exp(shift)) : LogSnrGrid.Shift(sigma, options.FlowShift));

        // Zero counts as absent, as the reference implementation has it.
        if (options.ShiftTerminal is { } terminal and not 0)
        {
            double scale = (1 - sigmas[^1]) / (1 - terminal);
            sigmas = Array.ConvertAll(sigmas, sigma => 1 - ((1 - sigma) / scale));
        }

        if (Math.Abs(sigmas[0] - 1) < Nudge)
        {
            sigmas[0] -= Nudge;
        }

        return (LogSnrGrid.FlowTimesteps(sigmas, trained), sigmas);
    }

    private static double[] Points(SamplingPlan plan, int trained)
    {
        if (plan.Sigmas is { Count: > 0 } sigmas)
        {
            return [.. sigmas];
        }

        TimestepGrid.CheckSteps(plan.Steps, trained);
        return LogSnrGrid.FlowSpace(plan.Steps, trained)[..^1];
    }

    // The same shift as of the shared layout, in the other order of operations: timesteps are cut to whole ones, so the last bit shows.
    private static double Shift(double sigma, double shift) => shift / (shift + ((1 / sigma) - 1));
}
