namespace DiffusionSharp.Schedulers;

/// <summary>Timesteps and σ of DPM-Solver inversion, rising.</summary>
internal static class DpmSolverInverseGrid
{
    public static SigmaGrid Create(DpmSolverInverseOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("DPM-Solver inversion takes a number of steps, not timesteps of your own.", nameof(plan));
        }

        var table = new SigmaTable(options.Schedule);
        int usable = LogSnrGrid.Usable(table, options.LambdaMinimum);
        TimestepGrid.CheckSteps(plan.Steps, usable);
        (double[] timesteps, double[] sigmas) = options switch
        {
            { SigmaSpacing: not SigmaSpacing.Default } => LogSnrGrid.Spread(plan, options.SigmaSpacing, table, table.Maximum, table.Minimum, rounds: options.SigmaSpacing == SigmaSpacing.Karras),
            { FlowSigmas: true } => LogSnrGrid.Flow(plan, options),
            _ => LogSnrGrid.AtTimesteps(Rising(options, plan.Steps, usable), table),
        };
        bool isDefault = options.SigmaSpacing == SigmaSpacing.Default && !options.FlowSigmas;
        SigmaGrid grid = LogSnrGrid.Finish(timesteps, sigmas, isDefault ? table.At(usable - 1) : sigmas[^1]);
        return options.SigmaSpacing is SigmaSpacing.Default or SigmaSpacing.Karras ? WithoutRepetitions(grid) : grid;
    }

    // n + 1 points of which the noisiest is left out, or every N/n-th from the noisiest down.
    private static int[] Rising(DpmSolverInverseOptions options, int steps, int usable)
    {
        int trained = options.Schedule.TrainingTimesteps;
        int stride = usable / (steps + 1);
        int[] timesteps = options.TimestepSpacing switch
        {
            TimestepSpacing.Leading => [.. Enumerable.Range(0, steps).Select(i => (i * stride) + options.StepsOffset)],
            TimestepSpacing.Linspace or TimestepSpacing.SgmUniform => [.. Enumerable.Range(0, steps).Select(i => (int)Math.Round(i * ((usable - 1) / (double)steps)))],
            TimestepSpacing.Trailing => [.. Enumerable.Reverse(LogSnrGrid.Trailing(steps, trained, usable))],
            TimestepSpacing.Simple => [.. Enumerable.Reverse(TimestepGrid.Create(TimestepSpacing.Simple, usable, steps, offset: 0))],
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.TimestepSpacing, "Unknown timestep spacing."),
        };
        return timesteps[^1] < trained
            ? timesteps
            : throw new ArgumentOutOfRangeException(nameof(steps), steps, $"With a steps offset of {options.StepsOffset}, {steps} steps end at timestep {timesteps[^1]}, but the last trained one is {trained - 1}: take fewer steps or another spacing.");
    }

    // The reference implementation drops repeated timesteps but no σ, so steps are those of the first σ.
    private static SigmaGrid WithoutRepetitions(SigmaGrid grid)
    {
        double[] timesteps = [.. grid.Timesteps.Distinct()];
        return new SigmaGrid(timesteps, grid.Sigmas[..(timesteps.Length + 1)]);
    }
}
