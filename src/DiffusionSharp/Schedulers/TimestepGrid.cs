namespace DiffusionSharp.Schedulers;

/// <summary>Lays out integer timesteps, falling.</summary>
internal static class TimestepGrid
{
    /// <summary>The timesteps of a plan: its own, checked, or spaced by the options.</summary>
    public static int[] Create(SamplingPlan plan, DiscreteSchedulerOptions options)
    {
        plan.RejectSigmas();
        int trained = options.Schedule.TrainingTimesteps;
        if (plan.Timesteps is { } custom)
        {
            return CheckCustom(custom, trained);
        }

        CheckSteps(plan.Steps, trained);
        int[] timesteps = Create(options.TimestepSpacing, trained, plan.Steps, options.StepsOffset);
        if (timesteps[0] >= trained)
        {
            throw new ArgumentOutOfRangeException(
                nameof(plan.Steps),
                plan.Steps,
                $"With leading spacing and a steps offset of {options.StepsOffset}, {plan.Steps} steps begin at timestep {timesteps[0]}, but the last trained one is {trained - 1}: take fewer steps or trailing spacing.");
        }

        return timesteps;
    }

    /// <summary>n timesteps of N by a spacing rule; the offset is for leading spacing only.</summary>
    public static int[] Create(TimestepSpacing spacing, int trained, int steps, int offset)
    {
        var timesteps = new int[steps];

        // Rounded before it is multiplied, as NumPy's arange does: exact halves fall on one side or the other by it.
        double stride = trained - (trained / (double)steps) - trained;
        for (int i = 0; i < steps; i++)
        {
            timesteps[i] = spacing switch
            {
                TimestepSpacing.Leading => ((steps - 1 - i) * (trained / steps)) + offset,
                TimestepSpacing.Trailing => (int)Math.Round(trained + (i * stride)) - 1,
                TimestepSpacing.Linspace => (int)Math.Round((steps - 1 - i) * ((trained - 1) / (double)Math.Max(1, steps - 1))),

                // No two at one timestep, where all are visited.
                TimestepSpacing.SgmUniform => Math.Min((int)Math.Round((steps - i) * ((trained - 1) / (double)steps)), trained - 1 - i),
                TimestepSpacing.Simple => trained - 1 - (int)(i * (trained / (double)steps)),
                _ => throw new ArgumentOutOfRangeException(nameof(spacing), spacing, "Unknown timestep spacing."),
            };
        }

        return timesteps;
    }

    /// <summary>Throws where a number of steps is out of range.</summary>
    public static void CheckSteps(int steps, int trained)
    {
        if (steps < 1 || steps > trained)
        {
            throw new ArgumentOutOfRangeException(nameof(SamplingPlan.Steps), steps, $"The number of steps must be in [1, {trained}], the timesteps that the model was trained with.");
        }
    }

    /// <summary>Timesteps of one's own; throws where they do not fall strictly or are out of range.</summary>
    public static int[] CheckCustom(IReadOnlyList<int> timesteps, int trained)
    {
        if (timesteps.Count == 0)
        {
            throw new ArgumentException("The list of timesteps is empty.", nameof(timesteps));
        }

        for (int i = 0; i < timesteps.Count; i++)
        {
            if (timesteps[i] < 0 || timesteps[i] >= trained)
            {
                throw new ArgumentOutOfRangeException(nameof(timesteps), timesteps[i], $"Timestep {i} must be in [0, {trained - 1}].");
            }

            if (i > 0 && timesteps[i] >= timesteps[i - 1])
            {
                throw new ArgumentException($"Timesteps must fall strictly, but timestep {i} is {timesteps[i]} after {timesteps[i - 1]}.", nameof(timesteps));
            }
        }

        return [.. timesteps];
    }
}
