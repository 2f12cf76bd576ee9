namespace DiffusionSharp.Schedulers;

/// <summary>
/// The timesteps of distilled models, which know only some of the training timesteps: steps are chosen evenly among those.
/// </summary>
internal static class DistilledGrid
{
    /// <summary>The timesteps of a plan, falling: its own, checked, or n of the distilled ones.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trained">Number of training timesteps N.</param>
    /// <param name="distilled">
    /// Number of timesteps that the model was distilled on, which are the multiples of N div <paramref name="distilled"/>, less 1; N for all.
    /// </param>
    /// <param name="strength">How much of the way steps are laid on, from its end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer distilled timesteps than steps, or more than training timesteps.</exception>
    public static int[] Create(SamplingPlan plan, int trained, int distilled, double strength = 1)
    {
        plan.RejectSigmas();
        if (plan.Timesteps is { } custom)
        {
            int[] all = TimestepGrid.CheckCustom(custom, trained);
            return all[^Reached(all.Length, strength, plan)..];
        }

        if (distilled > trained)
        {
            throw new ArgumentOutOfRangeException(nameof(distilled), distilled, $"The model cannot have been distilled on more than the {trained} timesteps that it was trained with.");
        }

        int reached = Reached(distilled, strength, plan);
        if (plan.Steps < 1 || plan.Steps > reached)
        {
            string share = strength < 1 ? $"those of the {distilled} timesteps that the model was distilled on which a strength of {strength} reaches" : "the timesteps that the model was distilled on";
            throw new ArgumentOutOfRangeException(nameof(plan), plan.Steps, $"The number of steps must be in [1, {reached}], {share}.");
        }

        int stride = trained / distilled;
        double skip = reached / (double)plan.Steps;
        var timesteps = new int[plan.Steps];
        for (int i = 0; i < timesteps.Length; i++)
        {
            timesteps[i] = ((reached - (int)(i * skip)) * stride) - 1;
        }

        return timesteps;
    }

    private static int Reached(int count, double strength, SamplingPlan plan)
    {
        var reached = (int)(count * strength);
        return strength is >= 0 and <= 1 && reached > 0
            ? reached
            : throw new ArgumentOutOfRangeException(nameof(plan), strength, $"A strength must be in [0, 1] and reach one of {count} timesteps at least.");
    }
}
